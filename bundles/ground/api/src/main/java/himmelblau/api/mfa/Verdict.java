package himmelblau.api.mfa;

/** The result of one attempt with a method. */
public sealed interface Verdict {
  /** The directory accepted the factor. */
  record Approved() implements Verdict {}

  /** The user denied the request, or entered too many wrong codes. {@code text} is shown. */
  record Denied(String text) implements Verdict {
    /** With the text of host-behaviour 2.6. */
    public static final Denied STANDARD = new Denied("Authentication failed. Please try again.");
  }

  /** No response in time. {@code text} is shown. */
  record TimedOut(String text) implements Verdict {
    /** With the text of host-behaviour 2.6. */
    public static final TimedOut STANDARD =
        new TimedOut("Authentication timed out. Please try again.");
  }

  /** Not possible on this host (no key plugged in, no Bluetooth): try another offer. */
  record NotPossible(String text) implements Verdict {}
}
