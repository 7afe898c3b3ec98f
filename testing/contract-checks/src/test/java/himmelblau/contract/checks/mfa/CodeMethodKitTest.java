package himmelblau.contract.checks.mfa;

import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.checks.mfa.MethodDefect.Kind;
import himmelblau.contract.mfa.CodeMethodContract;

/** Each demand of the kit for methods with a code fails for a method that breaks it. */
class CodeMethodKitTest extends MethodKitTest {
  /** The kit on a method in memory. */
  static class OnMemory extends CodeMethodContract {
    private final MfaMethod method = new BrokenCodeMethod(defect());

    @Override
    protected MfaMethod method() {
      return method;
    }

    @Override
    protected String id() {
      return "PhoneAppOTP";
    }
  }

  CodeMethodKitTest() {
    super(OnMemory.class, Kind.CODE);
  }
}
