package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.directory.Account;
import himmelblau.api.hello.Hello;
import himmelblau.api.login.PamCode;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles come and go while people sign in. */
class PluginsTest {
  private static final String REPLACING =
      "I A part of the sign-in is being replaced. Please wait...";
  private static final List<String> PUSH =
      List.of("PhoneAppNotification", "CompanionAppsNotification");

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(folder);
  }

  /** Does something at the third pause from now. */
  private void soon(Runnable action) {
    soon(3, action);
  }

  private void soon(int pause, Runnable action) {
    AtomicInteger pauses = new AtomicInteger();
    scene.duringPauses =
        () -> {
          if (pauses.incrementAndGet() == pause) {
            action.run();
          }
        };
  }

  @Test
  void aMethodThatIsBeingReplacedIsWaitedFor() throws Exception {
    scene.methods.remove(scene.push);
    soon(() -> scene.methods.add(scene.push, PUSH));
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of(
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD,
            "~ PT0.25S",
            "~ PT0.25S",
            REPLACING,
            "~ PT0.25S",
            FirstSignInTest.NUMBER),
        seen.transcript().subList(0, 7));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aMethodThatStaysAwayIsNamed() throws Exception {
    scene.options.put("connection_timeout", 1L);
    scene.methods.remove(scene.push);
    List<String> seen = scene.refused("user02", "Passw0rd!");
    assertTrue(
        seen.contains(
            "I The sign-in method PhoneAppNotification is switched off on this computer."),
        seen.toString());
    assertTrue(
        seen.contains("I PAM_AUTH_ERR: " + Texts.NO_METHOD_HERE + FirstSignInTest.BANNER_END),
        seen.toString());
    scene.options.put("connection_timeout", 0L); // and when the directory is no longer told of it
    seen = scene.refused("user02", "Passw0rd!");
    assertTrue(
        seen.contains(
            "I PAM_AUTH_ERR: Authentication failed: Authentication method not supported.\n"
                + "The sign-in method CompanionAppsNotification, PhoneAppNotification is switched"
                + " off on this computer."
                + FirstSignInTest.BANNER_END),
        seen.toString());
  }

  @Test
  void aDomainThatIsBeingReplacedIsWaitedFor() throws Exception {
    scene.domains.remove(scene.domain);
    soon(() -> scene.domains.add(scene.domain, List.of("example.org")));
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(REPLACING, seen.transcript().get(2));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aDomainThatStaysAwayIsAnOutageNotAnUnknownPerson() throws Exception {
    scene.options.put("connection_timeout", 1L);
    scene.domains.remove(scene.domain);
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_ABORT: Authentication service is temporarily unavailable."
                    + " Please try again shortly."
                    + FirstSignInTest.BANNER_END));
  }

  @Test
  void helloThatStartsALittleLaterThanTheFirstSignInIsWaitedFor() throws Exception {
    scene.enrolled();
    Hello hello = scene.hellos.find(Host.HELLO).orElseThrow();
    scene.hellos = new PluginRegistry<>(System::nanoTime, (h, id) -> false);
    scene.wire();
    soon(1, () -> scene.hellos.add(hello, List.of(Host.HELLO)));
    Scene.Seen seen = scene.signIn("user02", "182736");
    assertEquals(
        List.of("~ PT0.25S", "I Use the Linux Hello PIN for this device.", "* PIN: "),
        seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void withoutHelloThereIsMfaAndNothingBreaks() throws Exception {
    scene.enrolled();
    Hello hello = scene.hellos.find(Host.HELLO).orElseThrow();
    scene.hellos.remove(hello);
    scene.options.put("connection_timeout", 1L);
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "");
    assertTrue(seen.transcript().contains(FirstSignInTest.NUMBER));
    assertEquals(PamCode.SUCCESS, seen.code());
    scene.hellos.add(hello, List.of(Host.HELLO));
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  @Test
  void theAdministratorsMethodComesFirstThenTheDefault() {
    FactorOffer sms = new FactorOffer("OneWaySMS", FactorOffer.Role.SECOND, "", false);
    FactorOffer otp = new FactorOffer("PhoneAppOTP", FactorOffer.Role.SECOND, "", false);
    FactorOffer push = new FactorOffer("PhoneAppNotification", FactorOffer.Role.SECOND, "", true);
    List<FactorOffer> offers = List.of(sms, otp, push);
    assertEquals(List.of(push, sms, otp), Factors.ordered(offers, Optional.empty()));
    assertEquals(List.of(otp, push, sms), Factors.ordered(offers, Optional.of("PhoneAppOTP")));
    assertEquals(List.of(push, sms, otp), Factors.ordered(offers, Optional.of("FidoKey")));
  }

  @Test
  void whoMayUseTheHost() throws Exception {
    UUID group = UUID.fromString("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");
    assertEquals(PamCode.USER_UNKNOWN, scene.account("user02"), "never was here");
    scene.domain.groups = List.of(new Group(group, "datengruppe", OptionalLong.empty()));
    scene.enrolled();
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
    allow(group.toString().toUpperCase(java.util.Locale.ROOT));
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
    allow("User02@Example.org");
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
    allow("datengruppe", "user01@example.org");
    assertEquals(PamCode.AUTH_ERR, scene.account("user02"), "a display name never matches");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code(), "told afterwards");
    allow();
    assertEquals(PamCode.SUCCESS, scene.account("user02"), "not set");
    allow("");
    assertEquals(PamCode.AUTH_ERR, scene.account("user02"), "set to nobody");
    allow("", "");
    assertEquals(PamCode.AUTH_ERR, scene.account("user02"));
  }

  private void allow(String... entries) {
    scene.options.put("pam_allow_groups", entries);
  }

  @Test
  void aSessionAsksForAHome() throws Exception {
    assertEquals(PamCode.IGNORE, scene.openSession("user02"), "never was here");
    scene.enrolled();
    assertEquals(PamCode.SUCCESS, scene.openSession("user02"));
    assertEquals(
        List.of("home", "groups", "subids"), scene.tasks.stream().map(TaskRequest::task).toList());
    assertEquals(
        Map.of(
            "uid", "773235643",
            "gid", "773235643",
            "prefix", "/home/",
            "name", "user02",
            "alias.0", "user02@example.org",
            "skel", "0",
            "selinux", "1"),
        texts(scene.tasks.getFirst()));
    scene.taskStatus = TaskResult.Status.TIMED_OUT;
    assertEquals(PamCode.IGNORE, scene.openSession("user02"));
  }

  private static Map<String, String> texts(TaskRequest request) {
    Map<String, String> texts = new TreeMap<>();
    request.values().forEach((k, v) -> texts.put(k, new String(v, StandardCharsets.UTF_8)));
    return texts;
  }

  @Test
  void knownPeopleAreNotLookedUpAgain() throws Exception {
    scene.enrolled();
    Optional<Account> account = scene.directory.account(new AccountName("user02", "example.org"));
    assertTrue(account.isPresent());
    scene.domain.calls.clear();
    scene.signIn("user02", "182736");
    assertEquals(List.of("hello user02"), scene.domain.calls);
  }
}
