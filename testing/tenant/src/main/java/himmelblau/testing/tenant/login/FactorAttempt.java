package himmelblau.testing.tenant.login;

import java.util.Optional;

/** One second factor that was begun in a flow and is not yet processed. */
public final class FactorAttempt {
  private final String method;
  private final Optional<Phone.Prompt> prompt;
  private final Optional<String> code;
  private int wrong;
  private boolean succeeded;

  FactorAttempt(String method, Optional<Phone.Prompt> prompt, Optional<String> code) {
    this.method = method;
    this.prompt = prompt;
    this.code = code;
  }

  public String method() {
    return method;
  }

  public Optional<Phone.Prompt> prompt() {
    return prompt;
  }

  /** The code that was sent, for methods that send one. */
  public Optional<String> code() {
    return code;
  }

  /** Counts a wrong code and says how many there were. */
  public synchronized int countWrong() {
    return ++wrong;
  }

  public synchronized boolean exhausted() {
    return wrong >= 3;
  }

  public synchronized void succeed() {
    succeeded = true;
  }

  public synchronized boolean succeeded() {
    return succeeded;
  }
}
