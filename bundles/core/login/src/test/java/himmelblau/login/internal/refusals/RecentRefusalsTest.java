package himmelblau.login.internal.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.login.internal.refusals.RecentRefusals.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentRefusalsTest {
  private static final AccountName ADA = new AccountName("ada", "example.org");
  private final RecentRefusals refusals = new RecentRefusals(() -> Instant.EPOCH);

  private List<String> texts(AccountName name) {
    return refusals.of(name).stream().map(Refusal::text).toList();
  }

  @Test
  void onlyTheLastOnesOfAUserAreKept() {
    for (int i = 0; i < 2 * RecentRefusals.EACH; i++) {
      refusals.here(ADA, "no " + i);
    }
    assertEquals(List.of("no 5", "no 6", "no 7", "no 8", "no 9"), texts(ADA));
  }

  @Test
  void onlyTheLastUsersAreKept() {
    refusals.here(ADA, "no");
    for (int i = 0; i < RecentRefusals.USERS; i++) {
      refusals.here(new AccountName("user" + i, "example.org"), "no");
    }
    assertEquals(List.of(), texts(ADA));
    assertEquals(List.of("no"), texts(new AccountName("user1", "example.org")));
  }

  @Test
  void whoAsksDoesNotChangeWhoIsForgotten() {
    refusals.here(ADA, "no");
    for (int i = 1; i < RecentRefusals.USERS; i++) {
      refusals.here(new AccountName("user" + i, "example.org"), "no");
    }
    assertEquals(List.of("no"), texts(ADA));
    refusals.here(new AccountName("late", "example.org"), "no");
    assertEquals(List.of(), texts(ADA));
    refusals.here(new AccountName("user1", "example.org"), "again");
    refusals.here(new AccountName("later", "example.org"), "no");
    assertEquals(List.of("no", "again"), texts(new AccountName("user1", "example.org")));
    assertEquals(List.of(), texts(new AccountName("user2", "example.org")));
  }

  @Test
  void aTextIsOneShortLine() {
    refusals.here(ADA, " a\nb\r\n" + "x".repeat(1000));
    String text = texts(ADA).getFirst();
    assertTrue(text.startsWith("a b x"), text);
    assertEquals(300, text.length());
  }

  @Test
  void theTextThatEndsTheSignInIsNotASecondRefusal() {
    SignInRefused refused =
        new SignInRefused(Reason.WRONG_PASSWORD, "", Optional.of("AADSTS50126"), true);
    refusals.byDirectory(ADA, refused);
    refusals.here(ADA, "Authentication failed (AADSTS50126)");
    assertEquals(1, refusals.of(ADA).size());
    refusals.here(ADA, "another");
    refusals.here(ADA, "another");
    assertEquals(List.of("", "another"), texts(ADA));
    refusals.byDirectory(ADA, refused);
    assertEquals(3, refusals.of(ADA).size(), "each answer of the directory counts");
  }
}
