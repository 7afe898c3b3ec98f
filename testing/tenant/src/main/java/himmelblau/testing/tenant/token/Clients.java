package himmelblau.testing.tenant.token;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The service's own applications that every tenant knows, and where they may be redirected to. */
public final class Clients {
  public static final String BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e";
  public static final String WINDOWS_BROKER = "38aa3b87-a06d-4817-b275-7a316988d93b";
  public static final String LINUX_BROKER = "b743a22d-6705-4147-8670-d92fa515ee2b";
  public static final String DEVICE_REGISTRATION = "dd762716-544d-4aeb-a526-687b73838a22";
  public static final String EDGE = "d7b530a4-7680-4c23-a8bf-c52c121d2e87";

  /** The application that {@code login/ProtectedApp} plays. */
  public static final String MY_APPS = "2793995e-0a7d-40d7-bd35-6968ba142197";

  public static final String MY_APPS_REDIRECT = "https://myapps.microsoft.com/signin";
  private static final String OFFICE = "d3590ed6-52b3-4102-aeff-aad2292ab01c";
  private static final String TEAMS = "1fec8e78-bce4-4aaf-ab1b-5451cc387264";
  private static final String POWERSHELL = "1b730954-1685-4b74-9bfd-dac224a7b894";
  private static final String AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
  private static final String NATIVE =
      "https://login.microsoftonline.com/common/oauth2/nativeclient";
  private static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
  private static final String PLUGIN = "ms-appx-web://Microsoft.AAD.BrokerPlugin/";

  private static final Map<String, List<String>> FIRST_PARTY = new HashMap<>();

  /** The brokers are not of the family: what they were given, they alone can redeem. */
  private static final Set<String> FAMILY = Set.of(OFFICE, TEAMS, AZURE_CLI, EDGE);

  static {
    add(
        BROKER,
        "msauth://Microsoft.AAD.BrokerPlugin",
        "ms-aadj-redir://auth/drs",
        "ms-aadj-redir://auth/mdm",
        "ms-appx-web://Microsoft.AAD.BrokerPlugin",
        PLUGIN + "DRS",
        PLUGIN + "DRSFF",
        PLUGIN + "MDM",
        PLUGIN + BROKER,
        OUT_OF_BAND);
    add(WINDOWS_BROKER, PLUGIN + WINDOWS_BROKER);
    add(
        LINUX_BROKER,
        "companyportal://com.microsoft.CompanyPortal",
        "companyportal://com.microsoft.manage.CompanyPortal");
    add(DEVICE_REGISTRATION, PLUGIN + DEVICE_REGISTRATION);
    add(OFFICE, PLUGIN + OFFICE, NATIVE);
    add(EDGE, NATIVE, PLUGIN + EDGE);
    add(TEAMS, NATIVE, PLUGIN + TEAMS);
    add(POWERSHELL, NATIVE, PLUGIN + POWERSHELL, OUT_OF_BAND);
    add(AZURE_CLI, NATIVE, "http://localhost");
    add("fb78d390-0c51-40cd-8e17-fdbfab77341b", NATIVE);
    add("fdd7719f-d61e-4592-b501-793734eb8a0e", NATIVE);
    add("a0c73c16-a7e3-4564-9a95-2bdf47383716", NATIVE);
    add("9ba1a5c7-f17a-4de9-a1f1-6178c8d51223", NATIVE);
    add("14d82eec-204b-4c2f-b7e8-296a70dab67e", NATIVE, "http://localhost");
    add(
        "ab9b8c07-8f02-4f72-87fa-80105867a763",
        "https://login.windows.net/common/oauth2/nativeclient");
    add(MY_APPS, MY_APPS_REDIRECT);
    add("9bc3ab49-b65d-410a-85ad-de819febfddc", "https://oauth.spops.microsoft.com/");
    add(
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        "https://portal.azure.com/signin/index/?feature.prefetchtokens=true"
            + "&feature.showservicehealthalerts=true&feature.usemsallogin=true");
    add(
        "0000000c-0000-0000-c000-000000000000",
        "https://account.activedirectory.windowsazure.com/");
    add("19db86c3-b2b9-44cc-b339-36da233a3be2", "https://mysignins.microsoft.com");
    add("0c1307d4-29d6-4389-a11c-5cbe7f65d7fa", "https://azureapp");
    add("33be1cef-03fb-444b-8fd3-08ca1b4d803f", "https://admin.onedrive.com/");
    add("3d5cffa9-04da-4657-8cab-c7f074657cad", "http://localhost/m365/commerce");
    add(
        "4990cffe-04e8-4e8b-808a-1175604b879f",
        "https://partner.microsoft.com/aad/authPostGateway");
    add("3b511579-5e00-46e1-a89e-a6f0870e2f5a", "https://windows365.microsoft.com/signin-oidc");
    add("4765445b-32c6-49b0-83e6-1d93765276ca", "https://www.office.com/landingv2");
  }

  private Clients() {}

  private static void add(String clientId, String... redirectUris) {
    FIRST_PARTY.put(clientId, List.of(redirectUris));
  }

  /** Redirect URIs of a first-party application; empty when it is none. */
  public static Optional<List<String>> firstParty(String clientId) {
    return Optional.ofNullable(FIRST_PARTY.get(clientId));
  }

  /** Whether refresh tokens of one may be used by the other (family of client ids). */
  public static boolean family(String clientId) {
    return FAMILY.contains(clientId);
  }

  /** Scheme and host whatever their case, the path exactly, as the service compares. */
  public static boolean sameRedirect(String registered, String asked) {
    int end = pathStart(registered);
    return end == pathStart(asked)
        && registered.regionMatches(true, 0, asked, 0, end)
        && registered.substring(end).equals(asked.substring(end));
  }

  /** A registered {@code http://localhost} stands for every port and path there. */
  public static boolean redirectAllowed(List<String> registered, String asked) {
    return registered.stream()
        .anyMatch(
            one ->
                sameRedirect(one, asked)
                    || (one.equals("http://localhost")
                        && asked.matches("http://localhost(:\\d+)?(/.*)?")));
  }

  private static int pathStart(String uri) {
    int host = uri.indexOf("://");
    int slash = host < 0 ? -1 : uri.indexOf('/', host + 3);
    return slash < 0 ? uri.length() : slash;
  }
}
