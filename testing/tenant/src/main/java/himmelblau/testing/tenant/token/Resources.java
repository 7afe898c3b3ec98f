package himmelblau.testing.tenant.token;

import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.web.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The APIs that tokens can be for, under the names that clients call them. */
public final class Resources {
  public static final String GRAPH = "00000003-0000-0000-c000-000000000000";
  public static final String DRS = "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9";
  public static final String PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
  public static final String INTUNE = "0000000a-0000-0000-c000-000000000000";
  public static final String DRS_URN = "urn:ms-drs:enterpriseregistration.windows.net";
  private static final Set<String> OIDC = Set.of("openid", "profile", "email", "offline_access");
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("https://graph.microsoft.com", GRAPH),
          Map.entry(GRAPH, GRAPH),
          Map.entry("https://graph.windows.net", "00000002-0000-0000-c000-000000000000"),
          Map.entry("00000002-0000-0000-c000-000000000000", "00000002-0000-0000-c000-000000000000"),
          Map.entry(DRS, DRS),
          Map.entry(DRS_URN, DRS),
          Map.entry("0000000a-0000-0000-c000-000000000000", "0000000a-0000-0000-c000-000000000000"),
          Map.entry("d4ebce55-015a-49b5-a083-c84d1797ae8c", "d4ebce55-015a-49b5-a083-c84d1797ae8c"),
          Map.entry(
              "https://enrollment.manage.microsoft.com", "d4ebce55-015a-49b5-a083-c84d1797ae8c"),
          Map.entry("b8066b99-6e67-41be-abfa-75db1a2c8809", "b8066b99-6e67-41be-abfa-75db1a2c8809"),
          Map.entry(PORTAL, PORTAL),
          Map.entry("https://management.core.windows.net", "797f4846-ba00-4fd7-ba43-dac1f8f63013"),
          Map.entry("https://management.azure.com", "797f4846-ba00-4fd7-ba43-dac1f8f63013"),
          Map.entry("urn:aad:tb:update:prt", "urn:aad:tb:update:prt"));

  /** Hosts for remote desktop: no token of theirs comes directly from a PRT. */
  public static final String DEVICE_SERVICE = "ms-device-service";

  private Resources() {}

  /**
   * What a token is to be for.
   *
   * @param audience the resource as the client called it
   * @param id the application id behind it
   * @param scopes permissions asked for by name; empty for {@code .default}
   * @param openid whether an id_token was asked for
   * @param offline whether a refresh token was asked for
   */
  public record Target(
      String audience, String id, List<String> scopes, boolean openid, boolean offline) {}

  /** A v1 {@code resource}. Without one, the token is for the legacy directory API. */
  public static Target ofResource(String resource, Directory directory) {
    String asked = resource.isEmpty() ? "https://graph.windows.net" : resource;
    return new Target(asked, id(asked, directory), List.of(), true, true);
  }

  /**
   * A v2 {@code scope}.
   *
   * @throws Refusal 70011 when it is empty or mixes {@code .default} with names, 700022 when it
   *     names two resources
   */
  public static Target ofScope(String scope, Directory directory) {
    Set<String> audiences = new LinkedHashSet<>();
    List<String> names = new ArrayList<>();
    boolean defaults = false;
    boolean openid = false;
    boolean offline = false;
    for (String part : scope.strip().split("\\s+")) {
      if (part.isEmpty()) {
        continue;
      }
      if (OIDC.contains(part.toLowerCase(Locale.ROOT))) {
        openid |= part.equalsIgnoreCase("openid");
        offline |= part.equalsIgnoreCase("offline_access");
        continue;
      }
      int slash = part.lastIndexOf('/');
      String audience = slash < 0 ? "https://graph.microsoft.com" : part.substring(0, slash);
      String name = part.substring(slash + 1);
      // "https://graph.microsoft.com//.default" names the audience with its slash.
      audiences.add(audience);
      if (name.equals(".default")) {
        defaults = true;
      } else {
        names.add(name);
      }
    }
    if (audiences.isEmpty()) {
      if (!openid) {
        throw Refusal.aadsts(70011);
      }
      audiences.add("https://graph.microsoft.com");
    }
    if (audiences.stream().map(a -> id(a, directory)).distinct().count() > 1) {
      throw defaults ? Refusal.aadsts(70011) : Refusal.aadsts(700022);
    }
    if (defaults && !names.isEmpty()) {
      throw Refusal.aadsts(
          70011,
          "The provided value for the input parameter 'scope' is not valid. .default scope can't be"
              + " combined with resource-specific scopes.");
    }
    String audience = audiences.iterator().next();
    return new Target(audience, id(audience, directory), names, openid, offline);
  }

  private static String id(String audience, Directory directory) {
    String name = audience.toLowerCase(Locale.ROOT);
    if (name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.startsWith(DEVICE_SERVICE + "://")) {
      return DEVICE_SERVICE;
    }
    String known = KNOWN.get(name);
    if (known != null) {
      return known;
    }
    String guid = name.startsWith("api://") ? name.substring(6) : name;
    try {
      UUID id = UUID.fromString(guid);
      if (directory.app(id).isPresent() || Clients.firstParty(guid).isPresent()) {
        return guid;
      }
    } catch (IllegalArgumentException e) {
      // not an application id
    }
    throw Refusal.aadsts(
        500011,
        "The resource principal named "
            + audience
            + " was not found in the tenant. This can happen if the application has not been"
            + " installed by the administrator of the tenant.");
  }
}
