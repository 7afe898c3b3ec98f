package himmelblau.login.internal.conversation;

import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers typed in one PAM call. Some programs give the same answer to every question (sshd's
 * password method, chpasswd), so an answer is used for one kind of question only, and a refused
 * answer is not tried again. Wiped at the end of the call. Used by one thread.
 */
public final class TypedAnswers implements AutoCloseable {
  /** What an answer was taken for. */
  public enum Use {
    PIN(1),
    NEW_PIN(1),
    PASSWORD(2),
    NEW_PASSWORD(2),
    CODE(3),
    /** For a device at this host, such as a security key. */
    DEVICE_PIN(4);

    /** A new PIN may be the old one: only answers of different kinds must differ. */
    private final int kind;

    Use(int kind) {
      this.kind = kind;
    }
  }

  /** One answer. */
  public static final class Given {
    private final Use use;
    private final Secret secret;
    private boolean refused;

    private Given(Use use, Secret secret) {
      this.use = use;
      this.secret = secret;
    }

    /** It was wrong, or was not taken. */
    public void refuse() {
      refused = true;
    }
  }

  private final List<Given> all = new ArrayList<>();

  /**
   * To be called before {@code answer} (borrowed) is used for anything.
   *
   * @throws SignInEnded it was refused before, or was the answer to another kind of question
   */
  public Given take(Secret answer, Use use) throws SignInEnded {
    boolean elsewhere = false;
    boolean refused = false;
    for (Given given : all) { // all of them: the time must not tell which one it was like
      boolean same = given.secret.matches(answer);
      elsewhere |= same && given.use.kind != use.kind;
      refused |= same && given.use == use && given.refused;
    }
    if (elsewhere) {
      throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.ONE_ANSWER_FOR_ALL);
    }
    if (refused) {
      throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.REFUSED_BEFORE);
    }
    Given given = new Given(use, answer.copy());
    all.add(given);
    return given;
  }

  @Override
  public void close() {
    all.forEach(given -> given.secret.close());
    all.clear();
  }
}
