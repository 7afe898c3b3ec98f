package himmelblau.login.internal;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Door;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The conversation as the steps see it: behind a door we have judged, with the options of the PAM
 * line applied. Used by one thread.
 */
final class Dialogue implements Conversation {
  /** Services whose prompts are drawn by something that draws QR codes itself. */
  private static final Set<String> OWN_CODES = Set.of("gdm-password", "broker-interactive");

  private final Conversation raw;
  private final Door door;
  private final boolean merge;
  private Optional<Secret> authtok;
  private String missing = Texts.NO_INPUT;
  private int questions;

  Dialogue(Conversation raw, Door door, SignInRequest request) {
    this.raw = raw;
    this.door = door;
    this.merge = request.flags().contains(SignInRequest.Flag.NO_INFO_PROMPT);
    this.authtok = request.authtok().filter(token -> !token.isEmpty());
  }

  /**
   * Asks for a password or PIN. What an earlier PAM module left answers the first such question.
   *
   * @param absent what to say if the person cancels here
   */
  Secret credential(String info, String prompt, String absent) throws ConversationClosed {
    if (authtok.isPresent()) {
      Secret answer = authtok.get().copy();
      authtok = Optional.empty();
      questions++;
      return answer;
    }
    return hidden(info, prompt, Kind.AUTHTOK, absent);
  }

  /** Shows {@code info} (if not empty) and asks without echo. The caller closes the answer. */
  Secret hidden(String info, String prompt, Kind kind, String absent) throws ConversationClosed {
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
    missing = Texts.NO_INPUT;
    return answer;
  }

  /** What the person was asked for when they cancelled. */
  String missing() {
    return missing;
  }

  /** Questions so far. */
  int questions() {
    return questions;
  }

  @Override
  public Door door() {
    return door;
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

  /** A QR code as lines of text, each ended; empty behind doors that draw their own. */
  String code(String link) {
    return OWN_CODES.contains(door.service()) ? "" : QrText.of(link);
  }

  @Override
  public void warn(String text) throws ConversationClosed {
    raw.warn(text);
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    questions++;
    return raw.ask(prompt);
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    questions++;
    return raw.askHidden(prompt, kind);
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    raw.pause(length);
  }
}
