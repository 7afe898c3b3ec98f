package himmelblau.sso.internal;

/**
 * What the member {@code status} of an error object says to Microsoft's client library (observed
 * with MSALRuntime 0.20.7): a program asks its user only after {@link #INTERACTION_REQUIRED}.
 */
enum BrokerStatus {
  UNEXPECTED(0),
  INTERACTION_REQUIRED(2),
  NO_NETWORK(3),
  WRONG_REQUEST(6),
  ACCOUNT_NOT_FOUND(16);

  private final int code;

  BrokerStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
