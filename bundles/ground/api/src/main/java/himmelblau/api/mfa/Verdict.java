package himmelblau.api.mfa;

/** What came out of one method's attempt. */
public sealed interface Verdict {
  /** The directory accepted the factor. */
  record Approved() implements Verdict {}

  /** The user said no, or too many wrong codes. {@code text} is shown. */
  record Denied(String text) implements Verdict {}

  /** Nobody answered in time. {@code text} is shown. */
  record TimedOut(String text) implements Verdict {}

  /** It cannot be done here (no key plugged in, no Bluetooth): try another offer. */
  record NotPossible(String text) implements Verdict {}
}
