package himmelblau.testing.tenant.token;

import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.SessionJwe;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Codes, refresh tokens and PRTs that were given out. All are opaque to clients. */
public final class Grants {
  /**
   * An authorization code.
   *
   * @param challenge PKCE S256 challenge, if one was sent
   * @param nonce OpenID Connect nonce of the authorize request
   * @param sessionKey of the PRT that signed the user in, if one did
   */
  public record Code(
      String clientId,
      String redirectUri,
      Resources.Target target,
      boolean v2,
      Proof proof,
      Optional<String> challenge,
      Optional<String> nonce,
      Optional<byte[]> sessionKey,
      Instant expires) {}

  /** An ordinary refresh token. */
  public record Refresh(String clientId, Proof proof, Instant issued, Instant expires) {}

  /** A primary refresh token with the session key that its uses are signed with. */
  public record Prt(Proof proof, byte[] sessionKey, Instant issued, Instant expires) {}

  private final Map<String, Code> codes = new ConcurrentHashMap<>();
  private final Set<String> usedCodes = ConcurrentHashMap.newKeySet();
  private final Map<String, Refresh> refreshTokens = new ConcurrentHashMap<>();
  private final Map<String, Prt> prts = new ConcurrentHashMap<>();

  public String put(Code code) {
    String value = "1." + opaque(96);
    codes.put(value, code);
    return value;
  }

  public Optional<Code> code(String value) {
    return Optional.ofNullable(codes.get(value));
  }

  /** Marks a code redeemed; false when somebody was faster. */
  public boolean redeem(String value) {
    return usedCodes.add(value);
  }

  public boolean redeemed(String value) {
    return usedCodes.contains(value);
  }

  public String put(Refresh token) {
    String value = "1." + opaque(120);
    refreshTokens.put(value, token);
    return value;
  }

  public Optional<Refresh> refresh(String value) {
    return Optional.ofNullable(refreshTokens.get(value));
  }

  public String put(Prt prt) {
    String value = "0." + opaque(120);
    prts.put(value, prt);
    return value;
  }

  public Optional<Prt> prt(String value) {
    return Optional.ofNullable(prts.get(value));
  }

  /** From an alphabet that survives clients which encode nothing. */
  public static String opaque(int bytes) {
    return Encoding.b64u(SessionJwe.random(bytes));
  }
}
