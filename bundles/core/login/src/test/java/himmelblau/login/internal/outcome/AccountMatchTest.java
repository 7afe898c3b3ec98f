package himmelblau.login.internal.outcome;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInEnded;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whether the account that signed in is the requested one: by object id wherever it is known. */
class AccountMatchTest {
  private static final AccountName ASKED = new AccountName("user02", "example.org");
  private static final AccountName OTHER = new AccountName("user01", "example.org");
  private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-000000000002");
  private static final UUID OTHER_ID = UUID.fromString("00000000-0000-0000-0000-000000000001");

  private final ScriptedDomain domain = new ScriptedDomain();

  private static DirectoryUser user(AccountName name, Optional<UUID> id) {
    return new DirectoryUser(name, id, Optional.of("tenant"), "", PosixAttributes.NONE);
  }

  private void assertSame(Optional<UUID> known, AccountName name, UUID id) {
    assertDoesNotThrow(() -> AccountMatch.check(ASKED, known, user(name, Optional.of(id)), domain));
  }

  private void assertOther(Optional<UUID> known, AccountName name, UUID id) {
    SignInEnded ended =
        assertThrows(
            SignInEnded.class,
            () -> AccountMatch.check(ASKED, known, user(name, Optional.of(id)), domain));
    assertEquals(SignInEnded.Kind.DENIED, ended.kind());
    assertEquals(PromptTexts.OTHER_ACCOUNT.replace("{user}", String.valueOf(name)), ended.text());
  }

  @Test
  void aKnownObjectIdDecidesWhateverTheName() {
    assertSame(Optional.of(ID), ASKED, ID);
    assertSame(Optional.of(ID), OTHER, ID);
    assertOther(Optional.of(ID), ASKED, OTHER_ID);
    assertOther(Optional.of(ID), OTHER, OTHER_ID);
  }

  @Test
  void withoutAKnownObjectIdTheNameDecides() {
    assertSame(Optional.empty(), ASKED, ID);
    assertOther(Optional.empty(), OTHER, ID);
  }

  @Test
  void theDomainMayDifferWithinTheTenantOnly() {
    AccountName alias = new AccountName("user02", "example.net");
    assertOther(Optional.empty(), alias, ID);
    domain.aliases = List.of("example.net");
    assertSame(Optional.empty(), alias, ID);
    assertOther(Optional.empty(), new AccountName("user01", "example.net"), ID);
    assertOther(Optional.empty(), new AccountName("user02", "example.com"), ID);
  }

  @Test
  void withoutAnObjectIdNobodyIsLetIn() {
    for (Optional<UUID> known : List.of(Optional.of(ID), Optional.<UUID>empty())) {
      SignInEnded ended =
          assertThrows(
              SignInEnded.class,
              () -> AccountMatch.check(ASKED, known, user(ASKED, Optional.empty()), domain));
      assertEquals(PromptTexts.DATA_MISSING, ended.text());
    }
  }

  @Test
  void onlyTheSameNameWithAnotherObjectIdIsAReplacedAccount() {
    assertTrue(AccountMatch.replaced(ASKED, Optional.of(ID), user(ASKED, Optional.of(OTHER_ID))));
    assertFalse(AccountMatch.replaced(ASKED, Optional.of(ID), user(ASKED, Optional.of(ID))));
    assertFalse(AccountMatch.replaced(ASKED, Optional.of(ID), user(OTHER, Optional.of(OTHER_ID))));
    assertFalse(AccountMatch.replaced(ASKED, Optional.of(ID), user(ASKED, Optional.empty())));
    assertFalse(AccountMatch.replaced(ASKED, Optional.empty(), user(ASKED, Optional.of(ID))));
  }
}
