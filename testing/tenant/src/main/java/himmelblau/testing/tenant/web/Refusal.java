package himmelblau.testing.tenant.web;

import java.util.Optional;

/**
 * Something the service does not do, with the number that clients branch on. Each endpoint family
 * renders it in its own shape.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String error;
  private final int status;
  private final transient Optional<String> claims;

  private Refusal(int code, String error, int status, String text, Optional<String> claims) {
    super(text, null, false, false);
    this.code = code;
    this.error = error;
    this.status = status;
    this.claims = claims;
  }

  /** A refusal by number, with the catalogue's error name, status and text. */
  public static Refusal aadsts(int code) {
    Aadsts known = Aadsts.of(code);
    return new Refusal(code, known.error(), known.status(), known.text(), Optional.empty());
  }

  /** A refusal by number, with a text of its own. */
  public static Refusal aadsts(int code, String text) {
    Aadsts known = Aadsts.of(code);
    return new Refusal(code, known.error(), known.status(), text, Optional.empty());
  }

  /** A refusal under another OAuth error name than the catalogue's. */
  public Refusal as(String otherError) {
    return new Refusal(code, otherError, status, text(), claims);
  }

  public Refusal withStatus(int otherStatus) {
    return new Refusal(code, error, otherStatus, text(), claims);
  }

  /** A claims challenge that goes with the refusal. */
  public Refusal withClaims(String json) {
    return new Refusal(code, error, status, text(), Optional.of(json));
  }

  public int code() {
    return code;
  }

  public String error() {
    return error;
  }

  public int status() {
    return status;
  }

  public Optional<String> claims() {
    return claims;
  }

  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** {@code AADSTS50126: Error validating credentials …} */
  public String description() {
    return "AADSTS" + code + ": " + text();
  }
}
