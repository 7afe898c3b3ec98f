package himmelblau.login.internal.conversation;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.PamContext;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.service.LoginService;
import himmelblau.login.internal.service.LoginServices;
import java.time.Duration;
import java.util.Optional;

/**
 * The conversation for the steps of a sign-in: its {@link PamContext} is determined, and the
 * options of the PAM line are applied. Used by one thread.
 */
public final class StepConversation implements Conversation {
  /** More questions than any sign-in needs; stops a method that never ends. */
  static final int MOST_QUESTIONS = 40;

  private final Conversation raw;
  private final PamContext context;
  private final LoginService service;
  private final boolean merge;
  private Optional<Secret> authtok;
  private String missing = PromptTexts.NO_INPUT;
  private final SignInRequest request;
  private Optional<SignInEnded> stopped = Optional.empty();
  private int questions;
  private long waited;

  public StepConversation(Conversation raw, PamContext context, SignInRequest request) {
    this.raw = raw;
    this.context = context;
    this.service = LoginServices.of(context.service());
    this.request = request;
    this.merge = request.flags().contains(SignInRequest.Flag.NO_INFO_PROMPT);
    this.authtok = request.authtok().filter(token -> !token.isEmpty());
  }

  /**
   * Asks for a password or PIN. What an earlier PAM module left answers the first such question.
   *
   * @param absent what to say if the user cancels here
   */
  public Secret credential(String info, String prompt, String absent) throws ConversationClosed {
    if (authtok.isPresent()) {
      count();
      Secret answer = authtok.get().copy();
      authtok = Optional.empty();
      return checked(answer);
    }
    return hidden(info, prompt, Kind.AUTHTOK, absent);
  }

  /** Shows {@code info} (if not empty) and asks without echo. The caller closes the answer. */
  public Secret hidden(String info, String prompt, Kind kind, String absent)
      throws ConversationClosed {
    String shown = prompt;
    if (!info.isEmpty()) {
      if (merge) {
        shown = info + "\n" + prompt;
      } else {
        say(info);
      }
    }
    missing = absent;
    Secret answer = askHidden(shown, kind);
    missing = PromptTexts.NO_INPUT;
    return answer;
  }

  /** Why there are no more answers: what was asked for when the user cancelled, or our own end. */
  public SignInEnded end() {
    return stopped.orElseGet(() -> SignInEnded.refused(PamCode.CRED_INSUFFICIENT, missing));
  }

  private void count() throws ConversationClosed {
    if (++questions > MOST_QUESTIONS) {
      throw stop(SignInEnded.refused(PamCode.MAXTRIES, PromptTexts.TOO_MANY_QUESTIONS));
    }
    requireOpen();
  }

  /** For methods that continue after the conversation was ended. */
  public void requireOpen() throws ConversationClosed {
    if (stopped.isPresent()) {
      throw new ConversationClosed(ConversationClosed.Reason.GIVEN_UP);
    }
  }

  private ConversationClosed stop(SignInEnded why) {
    stopped = Optional.of(stopped.orElse(why));
    return new ConversationClosed(ConversationClosed.Reason.GIVEN_UP);
  }

  /** Checks every answer that was typed without echo. */
  private Secret checked(Secret answer) throws ConversationClosed {
    if (SubstitutePassword.matches(answer)) {
      answer.close();
      SubstitutePassword.log(request.user(), request.rhost());
      throw stop(SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.SSHD_REFUSES));
    }
    return answer;
  }

  /** Questions so far. */
  public int questions() {
    return questions;
  }

  /** What the program at the other end can show and ask. */
  public LoginService service() {
    return service;
  }

  @Override
  public PamContext context() {
    return context;
  }

  @Override
  public void say(String text) throws ConversationClosed {
    raw.say(text);
  }

  @Override
  public void sayWithLink(String text, String link) throws ConversationClosed {
    String code = link.isEmpty() ? "" : code(link);
    say(code.isEmpty() ? text : text + "\n" + code.stripTrailing());
  }

  /** A QR code as lines of text, each ended; empty where none can be shown as text. */
  public String code(String link) {
    return service.draws(context.tty(), context.graphical()) ? QrText.of(link) : "";
  }

  @Override
  public void warn(String text) throws ConversationClosed {
    raw.warn(text);
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    count();
    long begun = System.nanoTime();
    try {
      return raw.ask(prompt);
    } finally {
      waited += System.nanoTime() - begun;
    }
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    count();
    return checked(typed(prompt, kind));
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    long begun = System.nanoTime();
    try {
      raw.pause(length);
    } finally {
      waited += System.nanoTime() - begun;
    }
  }

  private Secret typed(String prompt, Kind kind) throws ConversationClosed {
    long begun = System.nanoTime();
    try {
      return raw.askHidden(prompt, kind);
    } finally {
      waited += System.nanoTime() - begun;
    }
  }

  /** How long the user took to answer, pauses included. */
  public Duration waited() {
    return Duration.ofNanos(waited);
  }
}
