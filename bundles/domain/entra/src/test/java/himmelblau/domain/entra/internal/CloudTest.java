package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpReply;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Graph of a domain is in the cloud of its login host. */
@NullUnmarked
class CloudTest {
  private final MemoryVault vault = new MemoryVault();
  private final MemoryMachine machine = new MemoryMachine();
  private static final String TENANT = "1c0de5a1-7e57-4a11-8000-e8a3910a0001";

  private Discovery discovery(
      String host, Optional<String> tenant, Optional<String> graph, String found) {
    EntraSettings plain = EntraSettings.of("contoso.example");
    EntraSettings settings =
        new EntraSettings(
            plain.domain(),
            List.of(),
            Optional.ofNullable(host),
            tenant,
            graph,
            plain.odc(),
            Optional.empty(),
            0,
            false,
            true,
            true,
            false,
            Optional.empty(),
            EntraSettings.LogonToken.NONE);
    return new Discovery(
        new DomainHttp(
            call -> {
              if (found.isEmpty()) {
                throw new IOException("no network");
              }
              return new HttpReply(200, Map.of(), found.getBytes(StandardCharsets.UTF_8));
            }),
        settings,
        new Devices(settings.domain(), vault, machine),
        Clock.systemUTC(),
        new DomainFindings(settings.domain()));
  }

  private Discovery configured(String host, Optional<String> graph) {
    return discovery(host, Optional.of(TENANT), graph, "");
  }

  private Discovery found(String configured, String host, String graph) {
    return discovery(
        configured,
        Optional.empty(),
        Optional.empty(),
        "{\"tenantId\":\"%s\",\"authority_host\":\"%s\",\"graph\":\"%s\"}"
            .formatted(TENANT, host, graph));
  }

  @ParameterizedTest
  @CsvSource({
    "login.microsoftonline.com, https://graph.microsoft.com",
    "login.microsoftonline.us, https://graph.microsoft.us",
    "login.microsoftonline.us:443, https://graph.microsoft.us",
    "login.partner.microsoftonline.cn, https://microsoftgraph.chinacloudapi.cn",
    "login.chinacloudapi.cn, https://microsoftgraph.chinacloudapi.cn",
    "login.example, https://graph.microsoft.com",
  })
  void aConfiguredHostHasTheGraphOfItsCloud(String host, String graph) throws Exception {
    assertEquals(graph, configured(host, Optional.empty()).authority().graph());
  }

  @ParameterizedTest
  @CsvSource({
    "login.microsoftonline.us, https://graph.microsoft.com",
    "login.microsoftonline.us, https://Graph.Microsoft.com:443",
    "login.partner.microsoftonline.cn, https://graph.microsoft.us",
    "login.microsoftonline.com, https://microsoftgraph.chinacloudapi.cn",
  })
  void anotherCloudsGraphIsRefused(String host, String graph) {
    DomainUnavailable set =
        assertThrows(
            DomainUnavailable.class, () -> configured(host, Optional.of(graph)).authority());
    assertTrue(set.getMessage().contains("another cloud"), set.getMessage());
    assertThrows(DomainUnavailable.class, () -> found(host, host, graph).authority());
    assertThrows(DomainUnavailable.class, () -> found(null, host, graph).authority());
  }

  @Test
  void theOtherGraphOfACloudAndOnesOwnAreTaken() throws Exception {
    String defence = "https://dod-graph.microsoft.us";
    assertEquals(
        defence, configured("login.microsoftonline.us", Optional.of(defence)).authority().graph());
    assertEquals(defence, found(null, "login.microsoftonline.us", defence).authority().graph());
    String own = "https://graph.lab.example";
    assertEquals(own, configured("login.microsoftonline.us", Optional.of(own)).authority().graph());
  }

  @ParameterizedTest
  @CsvSource({
    "login.microsoftonline.us, https://dod-graph.microsoft.us",
    "login.partner.microsoftonline.cn, https://microsoftgraph.chinacloudapi.cn",
  })
  void withoutADiscoveryTheTenantStaysInItsCloud(String host, String graph) throws Exception {
    found(null, host, graph).authority();
    Discovery later = discovery(null, Optional.empty(), Optional.empty(), "");
    assertEquals(host, later.host());
    assertEquals(host, later.authority().host());
    assertEquals(graph, later.authority().graph());
  }
}
