package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.Issuer.Fault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What follows after the PIN. */
class RenewalTest {
  private final OidcFixture at = new OidcFixture();

  private Secret renewal() throws Exception {
    try (Session session = at.signIn()) {
      return session.renewal().orElseThrow();
    }
  }

  private SignInRefused refused(Secret renewal) {
    return assertThrows(SignInRefused.class, () -> at.provider.renew(at.user(), renewal));
  }

  @Test
  void eachRenewalGivesTheNextOne() throws Exception {
    try (Secret first = renewal();
        Session session = at.provider.renew(at.user(), first);
        Secret second = session.renewal().orElseThrow()) {
      assertFalse(first.matches(second));
      assertEquals(Reason.RENEWAL_DEAD, refused(first).reason(), "used once");
      at.provider.renew(at.user(), second).close();
    }
  }

  @Test
  void aTokenThatSomebodyElseUsedEndsTheSessionWithItsSentence() throws Exception {
    at.issuer.detectsReuse = true;
    try (Secret copied = renewal();
        Session thief = at.provider.renew(at.user(), copied);
        Secret theirs = thief.renewal().orElseThrow()) {
      SignInRefused refusal = refused(copied);
      assertEquals(Reason.RENEWAL_DEAD, refusal.reason());
      assertEquals(
          "Your session at the identity provider has ended. Please sign in again.", refusal.text());
      assertEquals(Reason.RENEWAL_DEAD, refused(theirs).reason());
      // The user signs in again, and each token is sent once.
      try (Secret own = renewal();
          Session next = at.provider.renew(at.user(), own);
          Secret last = next.renewal().orElseThrow()) {
        at.provider.renew(at.user(), last).close();
      }
    }
  }

  @Test
  void anIssuerNeedNotReplaceTheToken() throws Exception {
    try (Secret first = renewal()) {
      at.issuer.fault = Fault.REFRESH_WITHOUT_ROTATION;
      try (Session session = at.provider.renew(at.user(), first);
          Secret second = session.renewal().orElseThrow()) {
        at.provider.renew(at.user(), second).close();
      }
    }
  }

  @Test
  void withoutARefreshTokenThereIsNoRenewal() throws Exception {
    at.issuer.fault = Fault.NO_REFRESH_TOKEN;
    try (Session session = at.signIn()) {
      assertEquals(Optional.empty(), session.renewal());
    }
  }

  @Test
  void aRevokedSessionEndsWithItsSentence() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.revoke();
      SignInRefused refusal = refused(renewal);
      assertEquals(Reason.RENEWAL_DEAD, refusal.reason());
      assertEquals(
          "Your session at the identity provider has ended. Please sign in again.", refusal.text());
    }
  }

  @Test
  void aDisabledAccountEndsWithItsSentence() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.revoke();
      at.issuer.description = "User disabled";
      SignInRefused refusal = refused(renewal);
      assertEquals(Reason.ACCOUNT_DISABLED, refusal.reason());
      assertEquals(
          "Your account is disabled at the identity provider. Please ask your administrator.",
          refusal.text());
    }
  }

  /** The token is kept then: nothing is wrong with it. */
  @Test
  void anIssuerThatIsBusyDecidesNothing() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.revoke();
      for (String code : List.of("server_error", "temporarily_unavailable", "no such code")) {
        at.issuer.refusal = code;
        assertThrows(DomainUnavailable.class, () -> at.provider.renew(at.user(), renewal), code);
      }
      at.issuer.refusal = "invalid_client";
      assertEquals(Reason.BLOCKED_BY_POLICY, refused(renewal).reason());
    }
  }

  @Test
  void anotherSubjectIsRefused() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.fault = Fault.OTHER_SUBJECT;
      assertEquals(Reason.RENEWAL_DEAD, refused(renewal).reason());
    }
  }

  @Test
  void anotherNameIsRefusedAndSaid() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.claim("ada", "preferred_username", "lovelace");
      SignInRefused refusal = refused(renewal);
      assertEquals(Reason.RENEWAL_DEAD, refusal.reason());
      assertEquals(
          "Your account name has changed at the identity provider."
              + " Please sign in with the new name.",
          refusal.text());
    }
  }

  /** Whose it is, is known before the issuer is asked: the token is not used up. */
  @Test
  void anotherUsersRenewalIsNotSent() throws Exception {
    try (Secret renewal = renewal()) {
      long before = at.issuer.asked("/token");
      assertThrows(SignInRefused.class, () -> at.provider.renew(at.otherUser(), renewal));
      assertEquals(before, at.issuer.asked("/token"));
    }
  }

  /** A token must never be sent to another issuer than the one that gave it. */
  @Test
  void anotherIssuersRenewalIsNotSent() throws Exception {
    DomainProvider other =
        OidcDomain.of(
            new OidcSettings(
                Issuer.DOMAIN,
                "https://evil.example",
                Issuer.CLIENT,
                List.of(),
                false,
                "groups",
                Set.of(),
                Optional.empty()),
            at.issuer,
            OidcFixture.publicClient(),
            Clock.systemUTC(),
            at.nanos::get);
    try (Secret renewal = renewal()) {
      int before = at.issuer.asked.size();
      assertThrows(SignInRefused.class, () -> other.renew(at.user(), renewal));
      assertFalse(other.renewalAlive(renewal));
      assertEquals(before, at.issuer.asked.size());
    }
  }

  @Test
  void groupsAreThoseOfNow() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.claim("ada", "groups", null);
      try (Session session = at.provider.renew(at.user(), renewal)) {
        assertEquals(List.of(), session.groups().orElseThrow());
      }
    }
  }

  /** A refreshed ID token need not repeat how the user signed in. */
  @Test
  void theFactorsOfTheSignInCount() throws Exception {
    try (Secret renewal = renewal()) {
      at.issuer.claim("ada", "amr", null);
      try (Session session = at.provider.renew(at.user(), renewal)) {
        assertTrue(session.multiFactor());
      }
    }
    try (Secret weak = renewal();
        Session session = at.provider.renew(at.user(), weak)) {
      assertFalse(session.multiFactor());
    }
  }

  @Test
  void itOpensOfflineSignInsForTwoWeeks() throws Exception {
    OidcSettings settings = OidcFixture.settings(List.of(), false, Set.of());
    try (Secret renewal = renewal()) {
      for (boolean alive : new boolean[] {true, false}) {
        Duration later = Duration.ofDays(14).plusMinutes(alive ? -1 : 1);
        Clock clock = Clock.offset(Clock.systemUTC(), later);
        assertEquals(
            alive,
            OidcDomain.of(settings, at.issuer, OidcFixture.publicClient(), clock, at.nanos::get)
                .renewalAlive(renewal));
      }
    }
  }
}
