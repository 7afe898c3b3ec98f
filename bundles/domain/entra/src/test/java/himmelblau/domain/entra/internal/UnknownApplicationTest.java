package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.LogonToken;
import himmelblau.api.domain.Session;
import himmelblau.api.status.OptionFindings.OptionFinding;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.AppRoles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that name an application which the tenant does not have. */
@NullUnmarked
class UnknownApplicationTest {
  private static final UUID GROUPS = UUID.fromString("11112222-3333-4444-5555-666677778888");
  private static final UUID LOGON = UUID.fromString("22223333-4444-5555-6666-777788889999");

  @TempDir Path folder;
  private EntraFixture lab;

  @BeforeEach
  void start() throws Exception {
    lab = new EntraFixture(folder);
  }

  @AfterEach
  void stop() throws Exception {
    lab.close();
  }

  private static EntraSettings settings(UUID groups, UUID logon) {
    EntraSettings s = EntraSettings.of(EntraFixture.DOMAIN);
    return new EntraSettings(
        s.domain(),
        s.aliases(),
        s.authorityHost(),
        s.tenantId(),
        s.graph(),
        s.odc(),
        Optional.of(groups.toString()),
        s.joinType(),
        s.posix(),
        s.nameIsEnough(),
        s.interactive(),
        s.securityKey(),
        s.preferredMethod(),
        new EntraSettings.LogonToken(
            Optional.of(logon.toString()), List.of("https://graph.microsoft.com/User.Read")));
  }

  private void register(UUID app) {
    lab.tenant
        .directory()
        .put(
            new App(
                lab.user().tenant(),
                app,
                UUID.randomUUID(),
                "host",
                List.of(WellKnownApps.OWN_REDIRECT),
                List.of(),
                List.of(),
                AppRoles.DEFAULT));
  }

  private boolean signsInWithLogonToken(EntraDomain domain) throws Exception {
    try (Session session = lab.signIn(domain)) {
      return session.feature(LogonToken.class).orElseThrow().request().isPresent();
    }
  }

  private static List<String> options(EntraDomain domain) {
    return domain.optionFindings().findings().stream().map(OptionFinding::option).toList();
  }

  @Test
  void isFoundForEachOptionUntilTheTenantKnowsIt() throws Exception {
    EntraDomain domain = lab.domain(settings(GROUPS, LOGON));
    assertEquals(List.of(), options(domain));
    assertFalse(signsInWithLogonToken(domain));
    assertEquals(List.of("app_id", "logon_token_app_id"), options(domain));
    OptionFinding first = domain.optionFindings().findings().get(0);
    assertEquals(EntraFixture.DOMAIN, first.section());
    assertTrue(
        first
            .text()
            .startsWith(
                "app_id = "
                    + GROUPS
                    + " of "
                    + EntraFixture.DOMAIN
                    + " is not known to its tenant (AADSTS700016), so groups are not read"),
        first.text());
    assertEquals(List.of(), domain.findings(), "said once");
    register(GROUPS);
    assertFalse(signsInWithLogonToken(domain));
    assertEquals(List.of("logon_token_app_id"), options(domain));
    register(LOGON);
    assertTrue(signsInWithLogonToken(domain));
    assertEquals(List.of(), options(domain));
  }

  @Test
  void oneApplicationForBothIsFoundOnce() throws Exception {
    EntraDomain domain = lab.domain(settings(GROUPS, GROUPS));
    assertFalse(signsInWithLogonToken(domain));
    assertEquals(List.of("app_id"), options(domain));
  }
}
