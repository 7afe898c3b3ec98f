package himmelblau.login.internal.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.PamCode;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.MfaMethod.Trait;
import himmelblau.api.mfa.Verdict;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.conversation.PromptTexts;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of the host that depend on what a method says about itself, not on its name. */
class MethodTraitsTest {
  private static final String ID = "SomeMethod";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void start() {
    fixture = new LoginFixture(folder);
    fixture.domain.methods = List.of(ID);
  }

  @Test
  void aMethodForTheConsoleIsNotOfferedOverTheNetwork() throws Exception {
    Quick key = installed(Set.of(Trait.LOCAL_ONLY));
    fixture.refused("user02", "Passw0rd!");
    assertEquals(0, key.used);
    fixture.console();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "1827", "1827").code());
    assertEquals(1, key.used);
  }

  @Test
  void aMethodThatWasReplacedByOneForTheConsoleIsNotUsedOverTheNetwork() throws Exception {
    Quick key = installed(Set.of());
    key.later.add(Set.of()); // what it says when the sign-in begins
    key.traits = Set.of(Trait.LOCAL_ONLY);
    List<String> transcript = fixture.refused("user02", "Passw0rd!");
    assertTrue(
        transcript.stream().anyMatch(line -> line.contains(PromptTexts.NO_METHOD_HERE)),
        transcript::toString);
    assertEquals(0, key.used);
  }

  @Test
  void withoutInteractiveMethodsOnlyTheBrowserElsewhereIsLeft() throws Exception {
    fixture.options.put("enable_experimental_mfa", false);
    Quick method = installed(Set.of());
    fixture.refused("user02", "Passw0rd!");
    assertEquals(0, method.used);
    method.traits = Set.of(Trait.OTHER_BROWSER);
    fixture.signIn("user02", "Passw0rd!", "182736", "182736");
    assertEquals(1, method.used);
  }

  @Test
  void aMethodThatContactsTheUserNeedsAnAnswerFirst() throws Exception {
    fixture.domain.passwordless = true;
    fixture.options.put("enable_passwordless", true);
    installed(Set.of());
    assertFalse(asksBeforeSending());
    fixture.methods.remove(fixture.methods.find(ID).orElseThrow());
    installed(Set.of(Trait.CONTACTS_USER));
    assertTrue(asksBeforeSending());
  }

  @Test
  void aMethodIsUsedOnlyWhereTheProgramCanDoWhatItNeeds() throws Exception {
    Quick method = installed(Set.of());
    fixture.service = "xrdp-sesman";
    fixture.flags = Set.of();
    for (Set<Trait> lacking :
        List.<Set<Trait>>of(Set.of(), Set.of(Trait.NO_PROMPT), Set.of(Trait.NO_TEXT))) {
      method.traits = lacking;
      LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
      assertEquals(PamCode.MAXTRIES, seen.code(), "xrdp must not ask again: " + lacking);
      assertEquals(0, method.used);
    }
    method.traits = Set.of(Trait.NO_PROMPT, Trait.NO_TEXT);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    assertEquals(1, method.used);
    assertFalse(fixture.domain.calls.contains("registerHello"), "no PIN that is typed twice");
  }

  private boolean asksBeforeSending() {
    return fixture.abandoned("user02").stream()
        .anyMatch(line -> line.contains(PromptTexts.ENTER_TO_SEND));
  }

  private Quick installed(Set<Trait> traits) {
    Quick method = new Quick();
    method.traits = traits;
    fixture.methods.add(method, List.of(ID), LoginFixture.RANK);
    return method;
  }

  /** Waits for the directory and shows nothing. */
  private static final class Quick implements MfaMethod {
    final Deque<Set<Trait>> later = new ArrayDeque<>();
    Set<Trait> traits = Set.of();
    int used;

    @Override
    public Set<Trait> traits() {
      return later.isEmpty() ? traits : later.pop();
    }

    @Override
    public Verdict verify(Challenge challenge, Conversation with)
        throws DomainUnavailable, SignInRefused {
      used++;
      challenge.begin();
      return challenge.poll() == Challenge.Progress.APPROVED
          ? new Verdict.Approved()
          : Verdict.Denied.STANDARD;
    }
  }
}
