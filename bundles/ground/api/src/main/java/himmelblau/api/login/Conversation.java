package himmelblau.api.login;

import himmelblau.api.secret.Secret;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One user at one prompt (pam_conv(3)). Blocking; used by one thread at a time. Every method ends
 * with {@link ConversationClosed} when the peer disconnects; the thread is also interrupted, so
 * that blocking work elsewhere (a network call, a wait) ends at once.
 */
@ProviderType
public interface Conversation {
  PamContext context();

  /** Shows text (PAM_TEXT_INFO). May hold several lines. */
  void say(String text) throws ConversationClosed;

  /**
   * Shows text about a link, with a QR code of it on the lines below where the PAM service can
   * display one.
   *
   * @param link what the QR code holds; empty = none
   */
  default void sayWithLink(String text, String link) throws ConversationClosed {
    say(text);
  }

  /** Shows a problem (PAM_ERROR_MSG). */
  void warn(String text) throws ConversationClosed;

  /** Asks with echo. */
  String ask(String prompt) throws ConversationClosed;

  /**
   * Asks without echo. The caller closes the answer.
   *
   * @param kind tells the shim whether the answer may become PAM_AUTHTOK or PAM_OLDAUTHTOK after
   *     success
   */
  Secret askHidden(String prompt, Kind kind) throws ConversationClosed;

  /** Waits, or ends early with {@link ConversationClosed} when the peer disconnects. */
  void pause(Duration length) throws ConversationClosed;

  /** What kind of answer is requested without echo. */
  enum Kind {
    /** A code, a confirmation, an empty line: never kept. */
    PASSING,
    /** A password or PIN: kept by the shim when {@code set_authtok} is given. */
    AUTHTOK,
    /**
     * The password or PIN that a change replaces: with {@code set_authtok} the shim passes it to
     * the PAM modules that follow, which open with it what the new one shall open (PAM_OLDAUTHTOK).
     */
    OLD_AUTHTOK
  }
}
