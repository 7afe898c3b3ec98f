package himmelblau.domain.entra.internal.token;

import java.util.Locale;

/** Well-known applications and resources of the directory (entra-tokens 0.5). */
public final class WellKnownApps {
  /** The broker: signs in, redeems, joins. */
  public static final String BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e";

  public static final String BROKER_REDIRECT = "msauth://Microsoft.AAD.BrokerPlugin";

  /** The broker's identity in requests that renew a primary refresh token. */
  public static final String BROKER_IDENTITY = "38aa3b87-a06d-4817-b275-7a316988d93b";

  /** The Company Portal for Linux. */
  public static final String PORTAL = "b743a22d-6705-4147-8670-d92fa515ee2b";

  public static final String PORTAL_REDIRECT = "companyportal://com.microsoft.CompanyPortal";

  /** A browser that may read group names where no application of the tenant's own is set up. */
  public static final String EDGE = "d7b530a4-7680-4c23-a8bf-c52c121d2e87";

  public static final String EDGE_REDIRECT =
      "https://login.microsoftonline.com/common/oauth2/nativeclient";

  /** Where applications without a redirect URI of their own get their codes. */
  public static final String NATIVE_REDIRECT = EDGE_REDIRECT;

  /** Device Registration Client. */
  private static final String REGISTRATION_CLIENT = "dd762716-544d-4aeb-a526-687b73838a22";

  /** Office. */
  private static final String OFFICE = "d3590ed6-52b3-4102-aeff-aad2292ab01c";

  /** Redirect URI that an application of the tenant's own registers for this system. */
  public static final String OWN_REDIRECT = "himmelblau://Himmelblau.EntraId.BrokerPlugin";

  /** First sign-in: a resource that rules about unknown devices leave out. */
  public static final String INTUNE = "0000000a-0000-0000-c000-000000000000";

  /**
   * Azure Portal: its name in a device-code request makes the directory ask for a second factor.
   */
  public static final String AZURE_PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";

  /** Device registration. */
  public static final String REGISTRATION = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9";

  public static final String REGISTRATION_URN = "urn:ms-drs:enterpriseregistration.windows.net";

  /** The tenant of personal accounts. */
  public static final String PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";

  private WellKnownApps() {}

  /** The redirect URI of a well-known application; of any other that for native applications. */
  public static String redirectOf(String client) {
    return switch (client.toLowerCase(Locale.ROOT)) {
      case BROKER -> BROKER_REDIRECT;
      case PORTAL -> PORTAL_REDIRECT;
      case REGISTRATION_CLIENT -> "ms-appx-web://microsoft.aad.brokerplugin/" + REGISTRATION_CLIENT;
      case OFFICE -> "ms-appx-web://Microsoft.AAD.BrokerPlugin/" + OFFICE;
      default -> NATIVE_REDIRECT;
    };
  }
}
