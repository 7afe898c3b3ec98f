package himmelblau.api.hello;

import himmelblau.api.account.AccountName;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One-time codes (RFC 6238: SHA-1, 6 digits, 30 s) in addition to the PIN, checked on this device
 * ({@code enable_hello_totp}). The secret is sealed with the Hello key, so it can be read only with
 * the PIN. A code is accepted once. Thread-safe.
 */
@ProviderType
public interface Totp {
  /** Whether {@code enable_hello_totp} is set. */
  boolean enabled();

  /** Whether a secret is kept under {@code key}. */
  boolean enrolled(UnlockedKey key) throws KeyStoreUnavailable;

  /** A new secret; it is not stored before {@link #confirm}. The caller closes it. */
  Enrolment propose(AccountName name);

  /**
   * Stores the proposed secret if {@code code} (borrowed) proves that the user's app has it.
   *
   * @return whether it did; if false, nothing is changed
   */
  boolean confirm(UnlockedKey key, Enrolment enrolment, Secret code) throws KeyStoreUnavailable;

  /**
   * Checks a code (borrowed). A wrong one is counted before this returns, with the same limit and
   * effect as a wrong PIN from there ({@link Hello#unlock(AccountName, Secret, Origin)}).
   *
   * @throws PinRefused wrong, used before, or no secret is kept
   */
  void verify(UnlockedKey key, Secret code, PinOrigin from) throws PinRefused, KeyStoreUnavailable;

  /**
   * What the user's app needs.
   *
   * @param secret 20 random bytes
   * @param base32 the same in the form that users type (RFC 4648 section 6, without padding)
   * @param issuer {@code Himmelblau <host>}
   * @param account the user principal name
   */
  record Enrolment(Secret secret, String base32, String issuer, String account)
      implements AutoCloseable {
    /** The {@code otpauth://} URI for a QR code. Holds the secret. */
    public String uri() {
      return "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=30"
          .formatted(encoded(issuer), encoded(account), base32, encoded(issuer));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
      return "Enrolment[" + account + "]";
    }

    @Override
    public void close() {
      secret.close();
    }
  }
}
