package himmelblau.contract.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An account is its immutable id, whatever it is called; and one account is never another. */
abstract class IdentitiesContract {
  private final DomainContract kit;

  IdentitiesContract(DomainContract kit) {
    this.kit = kit;
  }

  private UUID signedIn(DomainProvider provider) throws Exception {
    try (Session session = kit.signIn(provider, kit.at().user())) {
      return session.user().objectId().orElseThrow();
    }
  }

  @Test
  void namesOfTheDomainAreLowerCase() throws Exception {
    DomainProvider provider = kit.at().provider();
    assertEquals(provider.domain().toLowerCase(Locale.ROOT), provider.domain());
    for (String alias : provider.aliases()) {
      assertEquals(alias.toLowerCase(Locale.ROOT), alias);
    }
    assertFalse(provider.aliases().contains(provider.domain()));
  }

  @Test
  void theAccountThatWasAskedForSignsIn() throws Exception {
    try (Session session = kit.signIn()) {
      DirectoryUser user = session.user();
      assertEquals(kit.at().user(), user.name());
      assertTrue(user.objectId().isPresent());
      assertEquals(kit.at().provider().tenantId(), user.tenantId());
    }
  }

  @Test
  void theIdIsTheSameEveryTime() throws Exception {
    UUID id = signedIn(kit.at().provider());
    assertEquals(id, signedIn(kit.at().restarted()), "after a restart");
    Optional<UUID> found = kit.at().provider().find(kit.at().user()).orElseThrow().objectId();
    assertEquals(id, found.orElse(id), "of a lookup");
    kit.at().changeDisplayName("Another Name");
    assertEquals(id, signedIn(kit.at().provider()), "under another display name");
  }

  @Test
  void aRenewalGivesTheSameAccount() throws Exception {
    try (Session session = kit.signIn();
        Secret renewal = session.renewal().orElseThrow();
        Session renewed = kit.at().provider().renew(kit.at().user(), renewal)) {
      assertEquals(session.user().objectId(), renewed.user().objectId());
      assertEquals(session.user().name(), renewed.user().name());
    }
  }

  @Test
  void aRenewalGivesNoOtherAccount() throws Exception {
    try (Session session = kit.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      try (Session other = kit.at().provider().renew(kit.at().otherUser(), renewal)) {
        assertEquals(session.user().objectId(), other.user().objectId());
        assertEquals(kit.at().user(), other.user().name());
      } catch (SignInRefused refusal) {
        assertFalse(refusal.text().isBlank(), "a refusal says why");
      }
    }
  }

  @Test
  void twoAccountsHaveTwoIds() throws Exception {
    DomainProvider provider = kit.at().provider();
    try (Session session = kit.signIn(provider, kit.at().otherUser())) {
      assertNotEquals(signedIn(provider), session.user().objectId().orElseThrow());
    }
  }

  @Test
  void anAccountCreatedAnewIsSomebodyElse() throws Exception {
    DomainProvider provider = kit.at().provider();
    try (Session before = kit.signIn();
        Secret renewal = before.renewal().orElseThrow()) {
      kit.at().createAnew();
      assertThrows(SignInRefused.class, () -> provider.renew(kit.at().user(), renewal));
      assertNotEquals(before.user().objectId().orElseThrow(), signedIn(provider));
    }
  }

  @Test
  void anUnknownNameIsNoAccount() throws Exception {
    AccountName nobody = kit.at().nobody();
    if (!kit.at().provider().confirmsNames()) {
      DirectoryUser taken = kit.at().provider().find(nobody).orElseThrow();
      assertEquals(DirectoryUser.provisional(nobody), taken, "nothing but the name is known");
      return;
    }
    assertEquals(Optional.empty(), kit.at().provider().find(nobody));
    assertEquals(Optional.empty(), kit.at().provider().findWithGroups(nobody));
    SignInRefused refusal =
        DomainContract.refused(() -> kit.at().provider().begin(nobody, kit.demanding()));
    assertEquals(Reason.NO_SUCH_ACCOUNT, refusal.reason());
  }

  @Test
  void aNameOfAnotherDomainIsNotAskedAbout() {
    AccountName foreign = new AccountName(kit.at().user().local(), "another-domain.example");
    assertThrows(DomainUnavailable.class, () -> kit.at().provider().find(foreign));
    assertThrows(
        DomainUnavailable.class, () -> kit.at().provider().begin(foreign, kit.demanding()));
  }
}
