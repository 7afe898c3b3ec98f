package himmelblau.mfa.fido2.internal;

/** What users read; those of host-behaviour 2.6 and appendix A as they are there. */
final class KeyTexts {
  static final String ASK_PIN = "Fido PIN: ";
  static final String SELECT = "Please select a device by touching one of them.";
  static final String WRONG_PIN = "Wrong PIN! Try again.";
  static final String WRONG_PIN_COUNTED = "Wrong PIN! You have {attempts} attempts left.";
  static final String PIN_PAUSED =
      "Too many failed attempts in one row. Your device has been temporarily blocked. Please unplug"
          + " it and plug in again.";
  static final String PIN_BLOCKED =
      "Too many failed attempts. Your device has been blocked. Reset it.";
  static final String WRONG_USER = "Wrong user verification! Try again.";
  static final String USER_BLOCKED = "Too many failed user verification attempts.";
  static final String FAILED = "Security key authentication failed.";

  static final String NO_PIN_SET =
      "This security key has no PIN, so it cannot replace a password. Set a PIN in a web browser,"
          + " then try again.";
  static final String NOT_REGISTERED =
      "This security key is not registered for your account. Please insert another one.";
  static final String NONE_FOUND = "No security key of your account was found.";
  static final String REMOVED = "The security key was removed. Please insert it again.";
  static final String BUSY = "Another sign-in is using the security keys of this computer.";
  static final String NO_LIBRARY = "Security keys cannot be used on this computer.";

  private KeyTexts() {}
}
