package himmelblau.sso.internal;

import static himmelblau.sso.internal.SsoFixture.ADA;
import static himmelblau.sso.internal.SsoFixture.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTickets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who needs new tickets has what is kept renewed, and hears of all renewals. */
class TicketsOfRenewalsTest {
  @TempDir Path folder;
  private SsoFixture lab;
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void start() {
    lab = new SsoFixture(folder);
    lab.tickets =
        new KerberosTickets() {
          @Override
          public UUID tenantId() {
            return new UUID(0, 1);
          }

          @Override
          public List<KerberosTicket> tickets() {
            return List.of();
          }

          @Override
          public List<String> suffixes() {
            return List.of();
          }
        };
    lab.service.add(
        (account, signIn, tickets) -> {
          throw new IllegalStateException("one that fails");
        });
    lab.service.add((account, signIn, tickets) -> heard.add(account.name() + " " + signIn));
    lab.signIn(ADA);
    lab.now = lab.now.plusSeconds(60);
  }

  @Test
  void renewsOnDemandAndTells() throws Exception {
    assertTrue(lab.service.renew(ADA.name()));
    assertEquals(List.of(ADA.name() + " false"), heard);
    assertEquals(1, lab.renewed.size());
  }

  @Test
  void saysWhenThereIsNothingOrNoAnswer() throws Exception {
    assertFalse(lab.service.renew(BOB.name()));
    lab.renewalUnavailable = new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, "no network");
    assertFalse(lab.service.renew(ADA.name()));
    assertEquals(List.of(), heard);
  }
}
