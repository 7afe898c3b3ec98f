package himmelblau.login.internal.admission;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Picture;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SessionFeature;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.login.internal.conversation.PromptTexts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows a sign-in (host-behaviour 6.1, 6.5 and 6.7). */
class AdmissionTest {
  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.domain.joined = true;
    fixture.domain.methods = List.of();
    fixture.console();
    fixture.options.put("logon_script", "/usr/local/sbin/on-logon");
  }

  private LoginFixture.Seen signIn() throws Exception {
    return fixture.signIn("user01", "Passw0rd!");
  }

  private List<String> asked() {
    return fixture.tasks.stream().map(TaskRequest::task).toList();
  }

  @Test
  void theScriptGetsTheAccountAndTheToken() throws Exception {
    fixture.domain.logonToken = Optional.of("token-for-scopes");
    assertEquals(PamCode.SUCCESS, signIn().code());
    assertEquals(List.of("script"), asked());
    assertEquals("user01@example.org", fixture.tasks.getFirst().required("user"));
    assertEquals(List.of("token-for-scopes"), fixture.tokens);
    assertEquals(Duration.ofSeconds(62), fixture.tasks.getFirst().deadline());
  }

  /** The program has looked the name up before, and runs the session under what it was told. */
  @Test
  void aUidThatTheProgramWasNotToldOpensNoSession() throws Exception {
    assertEquals(PamCode.SUCCESS, signIn().code());
    fixture.directory.uid++;
    LoginFixture.Seen seen = signIn();
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(seen.transcript().toString().contains(PromptTexts.SIGN_IN_AGAIN));
    assertEquals(List.of("script"), asked(), "nothing ran for it");
    assertEquals(PamCode.SUCCESS, signIn().code());
  }

  @Test
  void withoutAScriptNoTaskRuns() throws Exception {
    fixture.options.put("logon_script", "  ");
    fixture.helper = false;
    assertEquals(PamCode.SUCCESS, signIn().code());
    assertEquals(List.of(), asked());
  }

  @Test
  void offlineThereIsNoToken() throws Exception {
    fixture.domain.logonToken = Optional.of("token-for-scopes");
    signIn();
    fixture.tokens.clear();
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, signIn().code());
    assertEquals(List.of("script", "script"), asked());
    assertEquals(List.of(), fixture.tokens);
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, Authentication was explicitly denied by the logon script,"
        + " Authentication was explicitly denied by the logon script",
    "REFUSED, /x must belong to root,"
        + " Execution of logon script failed: please contact your administrator.",
    "TIMED_OUT, late, Execution of logon script timed out: stopped after 60 s",
    "FAILED, lost, Execution of logon script failed: please contact your administrator.",
    "NO_SUCH_TASK, none, Execution of logon script failed: please contact your administrator."
  })
  void whateverIsNotDoneDenies(Status status, String detail, String shown) throws Exception {
    fixture.script = new TaskResult(status, detail);
    LoginFixture.Seen seen = signIn();
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript().contains("I PAM_PERM_DENIED: " + shown + FirstSignInTest.BANNER_END),
        () -> seen.transcript().toString());
  }

  @Test
  void deniesOfflineAndWithThePinToo() throws Exception {
    fixture.domain.joined = false;
    fixture.domain.methods = List.of("PhoneAppNotification");
    fixture.enrolled();
    fixture.script = new TaskResult(Status.REFUSED, PromptTexts.SCRIPT_DENIES);
    assertEquals(PamCode.ABORT, fixture.signIn("user02", "182736").code());
    fixture.domain.reachable = false;
    assertEquals(PamCode.ABORT, fixture.signIn("user02", "182736").code());
    fixture.script = new TaskResult(Status.DONE, "");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void aScriptThatCannotRunRefusesTheSignIn() throws Exception {
    fixture.helper = false;
    assertEquals(PamCode.ABORT, signIn().code());
  }

  private Account account() throws Exception {
    AccountName name = AccountName.parse("user01@example.org").orElseThrow();
    return fixture.directory.record(
        new DirectoryUser(
            name,
            Optional.of(ScriptedDomain.USERS.get("user01")),
            Optional.of("tenant"),
            "User 01",
            PosixAttributes.NONE),
        Optional.empty());
  }

  /** A directory that keeps one picture and says when it was done with. */
  private static final class OnePicture implements Session, Picture {
    private final Optional<byte[]> photo;
    final CountDownLatch closed = new CountDownLatch(1);
    int fetched;

    OnePicture(Optional<byte[]> photo) {
      this.photo = photo;
    }

    @Override
    public Optional<byte[]> fetch(int mostBytes) throws DomainUnavailable {
      fetched++;
      if (photo.isEmpty()) {
        throw new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, "busy");
      }
      return photo;
    }

    @Override
    public <T extends SessionFeature> Optional<T> feature(Class<T> type) {
      return type == Picture.class ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public DirectoryUser user() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean multiFactor() {
      return false;
    }

    @Override
    public Optional<List<Group>> groups() {
      return Optional.empty();
    }

    @Override
    public Optional<Secret> renewal() {
      return Optional.empty();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void thePictureIsFetchedOnceAnHour() throws Exception {
    PictureUpdates pictures = new PictureUpdates(fixture.environment, folder);
    OnePicture session = new OnePicture(Optional.of(new byte[] {1, 2, 3}));
    pictures.show(account(), session);
    assertTrue(session.closed.await(60, TimeUnit.SECONDS));
    assertEquals(List.of("picture"), asked());
    assertArrayEquals(new byte[] {1, 2, 3}, fixture.tasks.getFirst().values().get("photo"));
    pictures.show(account(), session);
    assertEquals(1, session.fetched);
  }

  @Test
  void aPictureThatCannotBeHadIsNoTrouble() throws Exception {
    OnePicture session = new OnePicture(Optional.empty());
    new PictureUpdates(fixture.environment, folder).show(account(), session);
    assertTrue(session.closed.await(60, TimeUnit.SECONDS));
    assertEquals(List.of(), asked());
  }

  @Test
  void aPictureIsNotFetchedWithoutAGreeter() throws Exception {
    OnePicture session = new OnePicture(Optional.of(new byte[] {1}));
    new PictureUpdates(fixture.environment, folder.resolve("absent")).show(account(), session);
    fixture.options.put("fetch_profile_picture", false);
    new PictureUpdates(fixture.environment, folder).show(account(), session);
    fixture.options.put("fetch_profile_picture", true);
    fixture.helper = false;
    new PictureUpdates(fixture.environment, folder).show(account(), session);
    assertFalse(session.closed.await(200, TimeUnit.MILLISECONDS));
    assertEquals(0, session.fetched);
  }
}
