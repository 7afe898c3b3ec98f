package himmelblau.domain.entra.internal.signin;

import himmelblau.domain.entra.internal.wire.AadstsError;

/** Error numbers of the directory that request another step instead of ending a sign-in. */
public final class StepErrors {
  static final Integer[] FLOW_EXPIRED = {50089};
  static final Integer[] PASSWORD_EXPIRED = {50055};

  /** Only a browser can continue from here. */
  static final Integer[] ELSEWHERE = {16000};

  /** The account has no second factor and must set one up, which only a browser can do. */
  static final Integer[] NO_FACTOR = {50072, 50079, 50203};

  private StepErrors() {}

  /** Whether the password was correct and a second factor is required. */
  public static boolean secondFactor(AadstsError error) {
    return error.has(50072, 50074, 50076, 50078, 50079, 50158, 70043, 70044);
  }
}
