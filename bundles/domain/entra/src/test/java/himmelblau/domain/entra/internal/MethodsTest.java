package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.FactorOffer.Role;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import himmelblau.testing.tenant.crypto.WebAuthn.Passkey;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Proof;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to prove a factor, against the emulated tenant; one host for all. */
@NullUnmarked
class MethodsTest {
  @TempDir static Path folder;
  private static EntraFixture lab;
  private static User original;

  private EntraDomain domain;

  @BeforeAll
  static void start() throws Exception {
    lab = new EntraFixture(folder);
    original = lab.user();
  }

  @AfterAll
  static void stop() throws Exception {
    lab.close();
  }

  @BeforeEach
  void reset() {
    lab.tenant.settings().set("kmsi", "false");
    lab.tenant.credentials().removePasskeys(original);
    domain = lab.domain();
  }

  private static void methods(String... methods) {
    lab.tenant.directory().put(original.withMethods(List.of(methods)));
  }

  private static Session complete(Step step) {
    return assertInstanceOf(Step.Complete.class, step).session();
  }

  private static Challenge begun(SignIn signIn, Step step, String method) throws Exception {
    Challenge challenge = signIn.challenge(EntraFixture.offer(step, method));
    challenge.begin();
    return challenge;
  }

  @Test
  void oneTimeCode() throws Exception {
    methods("PhoneAppOTP", "PhoneAppNotification");
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = signIn.password(EntraFixture.password());
    assertEquals(2, ((Step.NeedFactor) step).offers().size());
    Challenge challenge = begun(signIn, step, "PhoneAppOTP");
    assertEquals(Progress.DENIED, challenge.submit(Secret.ofText("000000")));
    assertEquals(
        Progress.APPROVED, challenge.submit(Secret.ofText(lab.tenant.credentials().otp(original))));
    assertTrue(complete(signIn.approved(challenge)).multiFactor());
  }

  @Test
  void preferredMethodComesFirst() throws Exception {
    methods("PhoneAppNotification", "OneWaySMS");
    EntraSettings prefers = EntraFixture.settings(false, true, false, Optional.of("OneWaySMS"));
    SignIn signIn = lab.domain(prefers).begin(EntraFixture.USER, EntraFixture.FORCED);
    Step.NeedFactor step = (Step.NeedFactor) signIn.password(EntraFixture.password());
    assertEquals("OneWaySMS", step.offers().get(0).method());
    assertTrue(step.offers().get(0).preferred());
    assertFalse(step.offers().get(1).preferred());
  }

  @Test
  void aPromptIsPolledNoMoreOftenThanThePageAllows() throws Exception {
    methods("PhoneAppNotification");
    lab.tenant.settings().set("max-poll-attempts", "2");
    try {
      SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
      Step step = signIn.password(EntraFixture.password());
      Challenge challenge = begun(signIn, step, "PhoneAppNotification");
      assertEquals(Progress.PENDING, challenge.poll());
      assertEquals(Progress.PENDING, challenge.poll());
      assertEquals(Progress.EXPIRED, challenge.poll());
    } finally {
      lab.tenant.settings().set("max-poll-attempts", "60");
      lab.answer(false, Optional.empty());
    }
  }

  @Test
  void textMessageAndStayingSignedIn() throws Exception {
    methods("OneWaySMS");
    lab.tenant.settings().set("kmsi", "true");
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = signIn.password(EntraFixture.password());
    Challenge challenge = signIn.challenge(EntraFixture.offer(step, "OneWaySMS"));
    Prompt prompt = challenge.begin();
    assertTrue(prompt.number().isEmpty());
    assertTrue(prompt.target().isPresent());
    var messages = lab.tenant.phone().messages();
    String code = messages.get(messages.size() - 1).code();
    assertEquals(Progress.APPROVED, challenge.submit(Secret.ofText(code)));
    complete(signIn.approved(challenge)).close();
  }

  @Test
  void temporaryAccessPass() throws Exception {
    methods("AccessPass");
    String pass = lab.tenant.credentials().newPass(original, 600, true);
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    assertEquals(Role.FIRST, EntraFixture.offer(signIn.step(), "AccessPass").role());
    Challenge challenge = begun(signIn, signIn.step(), "AccessPass");
    assertEquals(Progress.DENIED, challenge.submit(Secret.ofText("wrong")));
    assertEquals(Progress.APPROVED, challenge.submit(Secret.ofText(pass)));
    complete(signIn.approved(challenge)).close();
  }

  @Test
  void phoneSignIn() throws Exception {
    methods("RemoteNGC", "PhoneAppNotification");
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    assertTrue(lab.tenant.phone().open(original.id()).isEmpty(), "no push before begin()");
    Challenge challenge = signIn.challenge(EntraFixture.offer(signIn.step(), "RemoteNGC"));
    Prompt prompt = challenge.begin();
    assertEquals(Progress.PENDING, challenge.poll());
    lab.answer(true, prompt.number().map(Integer::valueOf));
    assertEquals(Progress.APPROVED, challenge.poll());
    assertTrue(complete(signIn.approved(challenge)).multiFactor());
  }

  @Test
  void securityKeyAsTheFirstAndTheSecondFactor() throws Exception {
    methods("FidoKey");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    byte[] id = {1, 2, 3, (byte) 0xfb, (byte) 0xff};
    byte[] handle = {9};
    lab.tenant
        .credentials()
        .add(original, new Passkey(id, pair.getPublic(), handle, false, new AtomicLong()));
    EntraSettings keys = EntraFixture.settings(false, true, true, Optional.empty());
    SignIn first = lab.domain(keys).begin(EntraFixture.USER, EntraFixture.FORCED);
    Challenge challenge = first.challenge(EntraFixture.offer(first.step(), "FidoKey"));
    WebAuthn.Request request = challenge.begin().webAuthn().orElseThrow();
    assertEquals(Progress.APPROVED, challenge.respond(assertion(request, pair, handle, 1)));
    assertTrue(complete(first.approved(challenge)).multiFactor());

    SignIn second = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = second.password(EntraFixture.password());
    Challenge again = second.challenge(EntraFixture.offer(step, "FidoKey"));
    WebAuthn.Request asked = again.begin().webAuthn().orElseThrow();
    KeyPair other = generator.generateKeyPair();
    SignInRefused refused =
        EntraFixture.refused(() -> again.respond(assertion(asked, other, handle, 2)));
    assertFalse(refused.text().isEmpty());
    Challenge third = second.challenge(EntraFixture.offer(step, "FidoKey"));
    WebAuthn.Request last = third.begin().webAuthn().orElseThrow();
    assertEquals(Progress.APPROVED, third.respond(assertion(last, pair, handle, 3)));
    complete(second.approved(third)).close();
  }

  @Test
  void theOnlyWayOfAnAccountIsItsDefault() throws Exception {
    EntraSettings keys = EntraFixture.settings(false, true, true, Optional.empty());
    // The second method of the account, so the directory prefers another one.
    lab.tenant
        .directory()
        .put(
            original
                .withMethods(List.of("PhoneAppNotification", "FidoKey"))
                .withPassword("", false, original.tokensValidFrom()));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    byte[] id = {7, 7, 7};
    lab.tenant
        .credentials()
        .add(
            original,
            new Passkey(id, generator.generateKeyPair().getPublic(), id, false, new AtomicLong()));
    SignIn signIn = lab.domain(keys).begin(EntraFixture.USER, EntraFixture.FORCED);
    assertEquals(
        new Step.NeedFactor(List.of(new FactorOffer("FidoKey", Role.FIRST, "", true)), false),
        signIn.step());
    lab.tenant.credentials().removePasskeys(original);
  }

  private static WebAuthn.Assertion assertion(
      WebAuthn.Request request, KeyPair pair, byte[] handle, int counter) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] client =
          ("{\"challenge\":\""
                  + Base64.getUrlEncoder().withoutPadding().encodeToString(request.challenge())
                  + "\",\"origin\":\""
                  + request.origin()
                  + "\",\"type\":\"webauthn.get\"}")
              .getBytes(StandardCharsets.UTF_8);
      byte[] party = sha.digest(request.relyingParty().getBytes(StandardCharsets.UTF_8));
      byte[] data = ByteBuffer.allocate(37).put(party).put((byte) 5).putInt(counter).array();
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(data);
      signature.update(sha.digest(client));
      return new WebAuthn.Assertion(
          request.allow().get(0), client, data, signature.sign(), Optional.of(handle));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void browserElsewhere() throws Exception {
    methods("PhoneAppNotification");
    EntraSettings codeOnly = EntraFixture.settings(false, false, false, Optional.empty());
    SignIn signIn = lab.domain(codeOnly).begin(EntraFixture.USER, EntraFixture.FORCED);
    Challenge challenge = signIn.challenge(EntraFixture.offer(signIn.step(), "DeviceCode"));
    String code = challenge.begin().device().orElseThrow().userCode();
    assertEquals(Progress.PENDING, challenge.poll());
    Instant now = lab.tenant.clock().now();
    User other = lab.tenant.directory().user("user01@" + EntraFixture.DOMAIN).orElseThrow();
    lab.tenant.deviceCodes().approve(code, proof(other, now));
    assertEquals(Progress.APPROVED, challenge.poll());
    assertEquals(
        Reason.OTHER_ACCOUNT, EntraFixture.refused(() -> signIn.approved(challenge)).reason());

    SignIn own = lab.domain(codeOnly).begin(EntraFixture.USER, EntraFixture.FORCED);
    Challenge mine = own.challenge(EntraFixture.offer(own.step(), "DeviceCode"));
    lab.tenant
        .deviceCodes()
        .approve(mine.begin().device().orElseThrow().userCode(), proof(original, now));
    assertEquals(Progress.APPROVED, mine.poll());
    assertTrue(complete(own.approved(mine)).multiFactor());

    SignIn declined = lab.domain(codeOnly).begin(EntraFixture.USER, EntraFixture.FORCED);
    Challenge no = declined.challenge(EntraFixture.offer(declined.step(), "DeviceCode"));
    lab.tenant.deviceCodes().decline(no.begin().device().orElseThrow().userCode());
    assertEquals(Progress.DENIED, no.poll());
  }

  @Test
  void theSameNameInAnotherDomainIsAnotherUser() throws Exception {
    EntraSettings codeOnly = EntraFixture.settings(false, false, false, Optional.empty());
    SignIn signIn =
        lab.domain(EntraFixture.alias(codeOnly, "alias.example"))
            .begin(EntraFixture.USER, EntraFixture.FORCED);
    Challenge challenge = signIn.challenge(EntraFixture.offer(signIn.step(), "DeviceCode"));
    String code = challenge.begin().device().orElseThrow().userCode();
    User namesake =
        new User(
            original.tenant(),
            UUID.randomUUID(),
            "user02@alias.example",
            "Another User",
            "Passw0rd!",
            List.of("PhoneAppNotification"),
            true,
            false,
            Map.of(),
            Instant.EPOCH);
    lab.tenant.directory().put(namesake);
    lab.tenant.deviceCodes().approve(code, proof(namesake, lab.tenant.clock().now()));
    assertEquals(Progress.APPROVED, challenge.poll());
    SignInRefused refused = EntraFixture.refused(() -> signIn.approved(challenge));
    assertEquals(Reason.OTHER_ACCOUNT, refused.reason());
    assertTrue(refused.text().contains("user02@alias.example"), refused.text());
  }

  private static Proof proof(User user, Instant now) {
    return Proof.of(user.tenant(), user.id(), List.of("pwd"), now).withMfa(now);
  }

  @Test
  void anExpiredPasswordIsChanged() throws Exception {
    methods("PhoneAppNotification");
    lab.signIn(domain).close(); // joins the host
    User expired = original.withMethods(List.of("PhoneAppNotification"));
    lab.tenant
        .directory()
        .put(expired.withPassword("Old-Horse-1", true, expired.tokensValidFrom()));
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = signIn.password(Secret.ofText("Old-Horse-1"));
    if (step instanceof Step.NeedFactor) {
      Challenge challenge = signIn.challenge(EntraFixture.offer(step, "PhoneAppNotification"));
      lab.answer(true, challenge.begin().number().map(Integer::valueOf));
      assertEquals(Progress.APPROVED, challenge.poll());
      step = signIn.approved(challenge);
    }
    assertInstanceOf(Step.NeedNewPassword.class, step);
    SignInRefused weak =
        EntraFixture.refused(
            () -> signIn.changePassword(Secret.ofText("Old-Horse-1"), Secret.ofText("short")));
    assertEquals(Reason.PASSWORD_REJECTED, weak.reason());
    assertTrue(weak.retry());
    assertTrue(weak.text().startsWith("Failed to change user password: "), weak.text());
    Step next = signIn.changePassword(Secret.ofText("Old-Horse-1"), Secret.ofText("New-Horse-22!"));
    assertInstanceOf(Step.NeedFactor.class, next);
    lab.tenant.directory().put(original);
  }

  @Test
  void readsUnixAttributes() throws Exception {
    lab.tenant
        .directory()
        .put(
            original
                .withMethods(List.of("PhoneAppNotification"))
                .withUnix(Map.of("uidNumber", "4711", "loginShell", "/bin/zsh")));
    EntraSettings posix = EntraFixture.settings(true, true, false, Optional.empty());
    try (Session session = lab.signIn(lab.domain(posix))) {
      assertEquals(OptionalLong.of(4711), session.user().posix().uidNumber());
      assertEquals(Optional.of("/bin/zsh"), session.user().posix().loginShell());
    }
  }
}
