package himmelblau.explain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.login.SignInService;
import himmelblau.api.status.Trouble;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignInStepTest {
  private final SignInStep step = new SignInStep();
  private final SignInService signIn =
      (SignInService)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {SignInService.class},
              (proxy, method, arguments) -> proxy == arguments[0]);

  private Finding found() {
    return step.explain(
            new ExplainRequest("ada", Optional.empty(), "sshd", false, Optional.empty(), false))
        .orElseThrow();
  }

  @Test
  void withoutASignInServiceNobodyIsLetIn() {
    assertEquals(Outcome.NO, found().outcome());
    step.addSignIn(signIn);
    assertEquals(Outcome.OK, found().outcome());
    step.removeSignIn(signIn);
    assertEquals(Outcome.NO, found().outcome());
  }

  @Test
  void problemsAreShown() {
    step.addSignIn(signIn);
    Trouble trouble = () -> List.of("the clock is wrong");
    step.addTrouble(trouble);
    assertEquals(Outcome.NOTE, found().outcome());
    assertEquals(List.of("the clock is wrong"), found().details());
    step.removeTrouble(trouble);
    assertEquals(Outcome.OK, found().outcome());
  }
}
