package himmelblau.contract.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import org.junit.jupiter.api.Test;

/** Secrets belong to who gives them, end with their session, and are shown to nobody. */
abstract class SecretsContract {
  private static final String WRONG = "Wr0ng-and-secret";

  private final DomainContract kit;

  SecretsContract(DomainContract kit) {
    this.kit = kit;
  }

  @Test
  void aBorrowedPasswordStaysOpen() throws Exception {
    try (SignIn signIn = kit.at().provider().begin(kit.at().user(), kit.demanding());
        Secret password = kit.at().password();
        Secret same = kit.at().password()) {
      if (kit.at().passwords()) {
        signIn.password(password);
      } else {
        assertThrows(IllegalStateException.class, () -> signIn.password(password));
      }
      assertTrue(password.matches(same), "changed or wiped");
    }
  }

  @Test
  void aRenewalBelongsToWhoTookIt() throws Exception {
    DomainProvider provider = kit.at().provider();
    Session session = kit.signIn();
    try (Secret renewal = session.renewal().orElseThrow();
        Secret same = renewal.copy()) {
      session.close();
      session.close();
      provider.renew(kit.at().user(), renewal).close();
      assertTrue(renewal.matches(same), "changed or wiped");
    }
  }

  @Test
  void aClosedSessionHoldsNoRenewal() throws Exception {
    Session session = kit.signIn();
    session.renewal().orElseThrow().close();
    session.renewal().orElseThrow().close(); // another copy each time
    session.close();
    assertThrows(IllegalStateException.class, session::renewal);
  }

  @Test
  void aRenewalThatIsNoneIsDead() throws Exception {
    DomainProvider provider = kit.at().provider();
    try (Secret nonsense = Secret.ofText("nonsense")) {
      assertFalse(provider.renewalAlive(nonsense));
      SignInRefused refusal =
          DomainContract.refused(() -> provider.renew(kit.at().user(), nonsense));
      assertEquals(Reason.RENEWAL_DEAD, refusal.reason());
    }
  }

  @Test
  void aRenewalThatWasChangedOpensNothing() throws Exception {
    DomainProvider provider = kit.at().provider();
    try (Session session = kit.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      byte[] bytes = renewal.copyBytes();
      bytes[bytes.length / 2] ^= 1;
      try (Secret changed = Secret.taking(bytes)) {
        assertThrows(SignInRefused.class, () -> provider.renew(kit.at().user(), changed));
      }
    }
  }

  @Test
  void noTextHoldsAPassword() throws Exception {
    try (SignIn signIn = kit.at().provider().begin(kit.at().user(), kit.demanding());
        Secret wrong = Secret.ofText(WRONG)) {
      Exception refusal = assertThrows(Exception.class, () -> signIn.password(wrong));
      for (Throwable at = refusal; at != null; at = at.getCause()) {
        assertFalse(at.toString().contains(WRONG), "in a " + at.getClass().getName());
      }
      if (refusal instanceof SignInRefused told) {
        assertFalse(told.text().contains(WRONG));
      }
      assertFalse(signIn.toString().contains(WRONG));
    }
  }

  @Test
  void noTextHoldsARenewal() throws Exception {
    try (Session session = kit.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      assertFalse(session.toString().contains(renewal.revealText()));
    }
  }
}
