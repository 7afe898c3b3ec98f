package himmelblau.mfa.fido2.internal;

import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import himmelblau.testing.authenticator.Credential;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A directory that asks for a passkey and verifies what it gets (Web Authentication 2, 7.2). */
final class DirectoryChallenge implements Challenge {
  static final String PARTY = "login.microsoft.com";

  /** As written: {@code entra-interactive 5.2} has this challenge and its encoding. */
  static final String CHALLENGE = "O.eyJ0eXAiOiJKV1QifQ.ch4ll.sig";

  static final String CLIENT_DATA =
      "{\"challenge\":\"Ty5leUowZVhBaU9pSktWMVFpZlEuY2g0bGwuc2ln\","
          + "\"origin\":\"https://login.microsoft.com\",\"type\":\"webauthn.get\"}";

  private final FactorOffer.Role role;
  private final boolean preferred;
  private final Duration timeout;
  private final List<Credential> registered;
  private int begun;
  private Optional<WebAuthn.Assertion> answer = Optional.empty();

  DirectoryChallenge(FactorOffer.Role role, boolean preferred, Credential... registered) {
    this(role, preferred, Duration.ofMinutes(2), registered);
  }

  DirectoryChallenge(
      FactorOffer.Role role, boolean preferred, Duration timeout, Credential... registered) {
    this.role = role;
    this.preferred = preferred;
    this.timeout = timeout;
    this.registered = List.of(registered);
  }

  int begun() {
    return begun;
  }

  Optional<WebAuthn.Assertion> answer() {
    return answer;
  }

  @Override
  public FactorOffer offer() {
    return new FactorOffer("FidoKey", role, "", preferred);
  }

  @Override
  public Prompt begin() {
    begun++;
    return Prompt.waiting(Duration.ofSeconds(1), timeout)
        .withWebAuthn(
            new WebAuthn.Request(
                PARTY,
                "https://" + PARTY,
                CHALLENGE.getBytes(StandardCharsets.US_ASCII),
                registered.stream().map(Credential::id).toList(),
                role == FactorOffer.Role.FIRST
                    ? WebAuthn.UserVerification.REQUIRED
                    : WebAuthn.UserVerification.PREFERRED,
                false,
                timeout));
  }

  @Override
  public Progress respond(WebAuthn.Assertion assertion) {
    answer = Optional.of(assertion);
    try {
      return accepted(assertion) ? Progress.APPROVED : Progress.DENIED;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private boolean accepted(WebAuthn.Assertion assertion) throws GeneralSecurityException {
    Credential credential =
        registered.stream()
            .filter(one -> Arrays.equals(one.id(), assertion.credentialId()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("another credential"));
    byte[] data = assertion.authenticatorData();
    int wanted = role == FactorOffer.Role.FIRST ? 5 : 1;
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(credential.keys().getPublic());
    signature.update(data);
    signature.update(sha256(assertion.clientDataJson()));
    return CLIENT_DATA.equals(new String(assertion.clientDataJson(), StandardCharsets.US_ASCII))
        && Arrays.equals(Arrays.copyOf(data, 32), sha256(PARTY.getBytes(StandardCharsets.US_ASCII)))
        && (data[32] & wanted) == wanted
        && signature.verify(assertion.signature());
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  @Override
  public Progress poll() {
    throw new AssertionError("A security key is not polled");
  }

  @Override
  public Progress submit(Secret code) {
    throw new AssertionError("The PIN of a key is never sent to the directory");
  }
}
