package himmelblau.socket.internal;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.ConversationClosed.Reason;
import himmelblau.api.login.PamContext;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.Translations;
import himmelblau.api.secret.Secret;
import himmelblau.frames.Frame;
import java.time.Duration;
import java.util.Optional;

/**
 * The conversation with a user through a shim. Here the texts get into the language of the PAM
 * application: the log, and whoever decides by a text, has them in English.
 */
final class SocketConversation implements Conversation {
  private final PeerAnswers answers;
  private final PamContext context;
  private final Optional<Translations> translations;
  private final String locale;
  private final boolean keepsOld;

  /**
   * @param translations empty: English
   * @param locale that the texts are shown in
   */
  SocketConversation(
      PeerAnswers answers, StartFrame start, Optional<Translations> translations, String locale) {
    SignInRequest request = start.request();
    this.answers = answers;
    this.translations = translations;
    this.locale = locale;
    this.keepsOld = start.keepsOld();
    this.context =
        new PamContext(
            request.service().isEmpty() ? "unknown" : request.service(),
            request.tty(),
            request.rhost(),
            !request.rhost().isEmpty(),
            request.flags().contains(SignInRequest.Flag.MFA_POLL_PROMPT),
            request.graphical(),
            request.locale());
  }

  /** As the shim reported it: the policy decides which hosts and services are treated as remote. */
  @Override
  public PamContext context() {
    return context;
  }

  @Override
  public void say(String text) throws ConversationClosed {
    answers.tell(Frame.of(himmelblau.frames.Kind.SAY).text(shown(text)).build());
  }

  @Override
  public void warn(String text) throws ConversationClosed {
    answers.tell(Frame.of(himmelblau.frames.Kind.WARN).text(shown(text)).build());
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    try (Secret answer = given(Frame.of(himmelblau.frames.Kind.ASK).text(shown(prompt)).build())) {
      return answer.revealText();
    }
  }

  @Override
  public Secret askHidden(String prompt, Conversation.Kind kind) throws ConversationClosed {
    return given(
        Frame.of(himmelblau.frames.Kind.ASK_HIDDEN).text(shown(prompt)).u32(keep(kind)).build());
  }

  private int keep(Conversation.Kind kind) {
    return switch (kind) {
      case PASSING -> 0;
      case AUTHTOK -> 1;
      case OLD_AUTHTOK -> keepsOld ? 2 : 0;
    };
  }

  private String shown(String text) {
    return TerminalText.bounded(
        translations.map(known -> known.translate(text, locale)).orElse(text));
  }

  private Secret given(Frame question) throws ConversationClosed {
    return answers.ask(question).orElseThrow(() -> new ConversationClosed(Reason.GIVEN_UP));
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConversationClosed(Reason.GONE);
    }
  }
}
