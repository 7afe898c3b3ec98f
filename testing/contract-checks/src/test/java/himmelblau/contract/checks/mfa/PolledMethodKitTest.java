package himmelblau.contract.checks.mfa;

import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.checks.mfa.MethodDefect.Kind;
import himmelblau.contract.mfa.PolledMethodContract;

/** Each demand of the kit for methods that wait fails for a method that breaks it. */
class PolledMethodKitTest extends MethodKitTest {
  /** The kit on a method in memory. */
  static class OnMemory extends PolledMethodContract {
    private final MfaMethod method = new BrokenPolledMethod(defect());

    @Override
    protected MfaMethod method() {
      return method;
    }

    @Override
    protected String id() {
      return "PhoneAppNotification";
    }
  }

  PolledMethodKitTest() {
    super(OnMemory.class, Kind.POLLED);
  }
}
