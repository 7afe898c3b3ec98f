"""The names of the real service that the emulated tenant answers for."""

TENANT_HOSTS = (
    "login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net",
    "autologon.microsoftazuread-sso.com", "device.login.microsoftonline.com", "odc.officeapps.live.com",
    "enterpriseregistration.windows.net", "graph.microsoft.com", "graph.windows.net", "microsoft.com",
    "www.microsoft.com", "mysignins.microsoft.com", "myapps.microsoft.com", "aka.ms", "enrollment.manage.microsoft.com", "fef.msua08.manage.microsoft.com",
)
