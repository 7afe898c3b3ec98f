package himmelblau.sso.internal;

/**
 * A call that ends with an error object: its {@code status}, and the message as its {@code
 * context}.
 */
final class CallRefused extends Exception {
  private static final long serialVersionUID = 1L;

  static final String NO_ACCOUNT = "Unable to find account";
  static final String OTHER_USER = "Invalid request for user!";
  static final String NOT_SIGNED_IN = "Failed to authenticate user";
  static final String NO_COOKIE = "Failed to fetch prt sso cookie";
  static final String NOT_IMPLEMENTED = "Not implemented";
  static final String TOO_LATE = "The directory did not answer in time";

  private final BrokerStatus status;

  CallRefused(BrokerStatus status, String context) {
    super(context);
    this.status = status;
  }

  BrokerStatus status() {
    return status;
  }

  String context() {
    return String.valueOf(getMessage());
  }
}
