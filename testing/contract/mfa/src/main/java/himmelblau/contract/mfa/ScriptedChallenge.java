package himmelblau.contract.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory that answers from a list; when that is used up it repeats the last answer. */
public final class ScriptedChallenge implements Challenge {
  private final FactorOffer offer;
  private final Prompt prompt;
  private final Deque<Progress> answers;
  private Progress last = Progress.PENDING;
  private @Nullable DomainUnavailable broken;
  private @Nullable SignInRefused refused;
  private int begun;
  private int asked;

  public ScriptedChallenge(String method, Prompt prompt, Progress... answers) {
    this.offer = new FactorOffer(method, FactorOffer.Role.SECOND, "+XX XXXXXXX42", true);
    this.prompt = prompt;
    this.answers = new ArrayDeque<>(List.of(answers));
  }

  /** Polled each second, for three seconds. */
  public static Prompt brief() {
    return Prompt.waiting(Duration.ofSeconds(1), Duration.ofSeconds(3));
  }

  /** From now on every answer is this failure. */
  public ScriptedChallenge breaking(DomainUnavailable failure) {
    broken = failure;
    return this;
  }

  /** From now on every answer is this refusal. */
  public ScriptedChallenge refusing(SignInRefused refusal) {
    refused = refusal;
    return this;
  }

  /** How often {@link #begin} was called. */
  public int begun() {
    return begun;
  }

  /** How often the directory was asked or given a code. */
  public int asked() {
    return asked;
  }

  @Override
  public FactorOffer offer() {
    return offer;
  }

  @Override
  public Prompt begin() {
    begun++;
    return prompt;
  }

  @Override
  public Progress poll() throws DomainUnavailable, SignInRefused {
    return next();
  }

  @Override
  public Progress submit(Secret code) throws DomainUnavailable, SignInRefused {
    return next();
  }

  @Override
  public Progress respond(WebAuthn.Assertion assertion) throws DomainUnavailable, SignInRefused {
    return next();
  }

  private Progress next() throws DomainUnavailable, SignInRefused {
    if (begun == 0) {
      throw new IllegalStateException("Not begun");
    }
    asked++;
    if (broken != null) {
      throw broken;
    }
    if (refused != null) {
      throw refused;
    }
    Progress answer = answers.poll();
    last = answer == null ? last : answer;
    return last;
  }
}
