package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.log.Log;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.token.Authority;
import himmelblau.domain.entra.internal.token.Cloud;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tenant of the domain (entra-tokens 1.1): the configuration takes precedence, then the
 * discovery service, then its last known answer. Thread-safe.
 */
final class Discovery {
  private static final Log LOG = Log.of(Discovery.class);
  private static final String WHAT = "The tenant discovery";
  private static final Duration LIFE = Duration.ofHours(12);
  private static final Pattern GUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern HOST = Pattern.compile("[a-z0-9.-]{1,253}(:[0-9]{1,5})?");

  private final DomainHttp web;
  private final EntraSettings settings;
  private final Devices devices;
  private final Clock clock;
  private final DomainFindings findings;
  private volatile @Nullable Found found;

  private record Found(Authority authority, Instant since, Instant until) {}

  Discovery(
      DomainHttp web,
      EntraSettings settings,
      Devices devices,
      Clock clock,
      DomainFindings findings) {
    this.web = web;
    this.settings = settings;
    this.devices = devices;
    this.clock = clock;
    this.findings = findings;
  }

  /** The tenant id, without the network. */
  Optional<String> tenantId() {
    Found known = found;
    return settings
        .tenantId()
        .or(() -> Optional.ofNullable(known).map(f -> f.authority().tenantId()))
        .or(devices::rememberedTenant);
  }

  /** The login host, without the network. */
  String host() {
    Found known = found;
    if (known != null) {
      return known.authority().host();
    }
    List<String> remembered = devices.rememberedHosts();
    return settings
        .authorityHost()
        .orElse(remembered.isEmpty() ? EntraSettings.LOGIN_HOST : remembered.getFirst());
  }

  Authority authority() throws DomainUnavailable {
    Found known = found;
    Instant now = clock.instant();
    if (known != null
        && known.until().isAfter(now)
        && !known.since().isAfter(now)) { // or the clock was set back
      return known.authority();
    }
    if (settings.tenantId().isPresent() && settings.authorityHost().isPresent()) {
      return keep(
          settings.authorityHost().get(),
          settings.tenantId().get(),
          settings.graph().orElse(usualGraph(settings.authorityHost().get())));
    }
    try {
      Json reply = ask();
      String tenant =
          settings.tenantId().orElse(reply.require("tenantId").toLowerCase(Locale.ROOT));
      Optional<String> joined = joinedTenant();
      if (settings.tenantId().isEmpty() && joined.filter(j -> !j.equals(tenant)).isPresent()) {
        moved(tenant, joined.get());
        return keep(
            host(),
            joined.get(),
            settings
                .graph()
                .orElseGet(() -> known == null ? rememberedGraph() : known.authority().graph()));
      }
      findings.mended(DomainFindings.TENANT);
      Authority discovered =
          keep(
              settings
                  .authorityHost()
                  .orElse(reply.require("authority_host").toLowerCase(Locale.ROOT)),
              tenant,
              settings.graph().orElse(withoutSlashes(reply.require("graph"))));
      devices.remember(discovered);
      return discovered;
    } catch (DomainUnavailable e) {
      Optional<String> tenant = tenantId();
      if (tenant.isEmpty() || known != null) {
        if (known != null) {
          return known.authority();
        }
        throw e;
      }
      LOG.warn(
          "entra.tenant.discovery_failed", "domain", settings.domain(), "cause", e.getMessage());
      return checked(host(), tenant.get(), settings.graph().orElseGet(this::rememberedGraph));
    }
  }

  /** The tenant of the device registration, which does not change when the domain moves. */
  private Optional<String> joinedTenant() {
    try {
      return devices
          .current(devices.rememberedTenant())
          .map(device -> device.record().tenantId().toLowerCase(Locale.ROOT));
    } catch (SignInRefused keysAway) {
      return devices.rememberedTenant();
    }
  }

  private void moved(String to, String joined) {
    String text =
        settings.domain()
            + " belongs to tenant "
            + to
            + " now, but this host is joined to tenant "
            + joined
            + ", which stays in effect. If the domain has moved, run aad-tool cache-clear --full "
            + "and sign in again; otherwise set tenant_id";
    if (findings.found(DomainFindings.TENANT, text)) {
      LOG.error("entra.domain.moved", null, "reason", text);
    }
  }

  /** Not with a pattern, which takes quadratic time for slashes before something else. */
  static String withoutSlashes(String url) {
    int end = url.length();
    while (end > 0 && url.charAt(end - 1) == '/') {
      end--;
    }
    return url.substring(0, end);
  }

  private Json ask() throws DomainUnavailable {
    URI uri =
        URI.create(
            "https://"
                + settings.odc()
                + "/odc/v2.1/federationProvider?domain="
                + settings.domain());
    HttpReply reply = DomainHttp.working(web.send(HttpCall.get(uri)), WHAT);
    if (!reply.ok()) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL,
          WHAT
              + " does not know "
              + settings.domain()
              + " (status "
              + reply.status()
              + "): check the option domain");
    }
    return Json.parse(reply.body(), WHAT + "'s reply");
  }

  private Authority keep(String host, String tenant, String graph) throws DomainUnavailable {
    Authority authority = checked(host, tenant, graph);
    Instant now = clock.instant();
    found = new Found(authority, now, now.plus(LIFE));
    return authority;
  }

  /** The one that was found with the login host before, else the usual one of its cloud. */
  private String rememberedGraph() {
    List<String> remembered = devices.rememberedHosts();
    return remembered.size() == 2 && remembered.getFirst().equals(host())
        ? remembered.getLast()
        : usualGraph(host());
  }

  /** Graph of the cloud that the login host belongs to. */
  private static String usualGraph(String host) {
    return Cloud.ofLogin(host).map(Cloud::graph).orElse(EntraSettings.GRAPH);
  }

  private static Authority checked(String host, String tenant, String graph)
      throws DomainUnavailable {
    if (!HOST.matcher(host).matches() || !GUID.matcher(tenant).matches()) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL,
          WHAT + " gave no usable host or tenant id: check authority_host and tenant_id");
    }
    URI address = DomainHttp.https(URI.create("https://" + host + "/"), graph, "The Graph address");
    Optional<Cloud> cloud = Cloud.ofLogin(host);
    if (cloud.isPresent()
        && Cloud.ofGraph(address).filter(other -> other != cloud.get()).isPresent()) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL,
          "Microsoft Graph at "
              + graph
              + " is in another cloud than "
              + host
              + ": check authority_host and graph_url");
    }
    return new Authority(host, tenant, graph);
  }
}
