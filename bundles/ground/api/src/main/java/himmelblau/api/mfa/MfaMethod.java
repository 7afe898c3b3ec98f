package himmelblau.api.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The user interaction of one authentication method: what is shown, what is asked, how long to
 * wait. One bundle each; removing it at run time removes only that choice.
 *
 * <p>Register with the property {@link #METHOD}, one or several ids of {@link FactorOffer#method}:
 * the directory's own ids ({@code PhoneAppNotification}, {@code CompanionAppsNotification}, {@code
 * PhoneAppOTP}, {@code OneWaySMS}, {@code TwoWayVoiceMobile}, {@code TwoWayVoiceAlternateMobile},
 * {@code TwoWayVoiceOffice}, {@code ConsolidatedTelephony}, {@code FidoKey}, {@code AccessPass},
 * {@code RemoteNGC}) or {@code DeviceCode}.
 *
 * <p>Obligations: begin the challenge exactly once; show nothing secret; honour the prompt's
 * interval and deadline; let {@link ConversationClosed} through; never decide by itself that a
 * factor was proven: {@link Verdict.Approved} only after {@link Challenge.Progress#APPROVED}.
 * Thread-safe; several conversations at once.
 *
 * <p>Every method passes the kit in {@code testing/contract/mfa}: {@code PolledMethodContract} when
 * the user answers elsewhere, {@code CodeMethodContract} when the user types a code. It demands the
 * obligations above, and: {@link DomainUnavailable} and {@link SignInRefused} go through unchanged;
 * an expired challenge is {@link Verdict.TimedOut}; a wrong code may be typed again, three times at
 * most; a code is asked for with {@link Conversation.Kind#PASSING} and never shown.
 */
@ConsumerType
public interface MfaMethod {
  /** Service property (String or String[]): the ids this method serves. */
  String METHOD = "himmelblau.mfa.method";

  /** A property of a method that a rule of the host depends on. */
  enum Trait {
    /**
     * {@link Challenge#begin} sends something to the user: a request to an app, a message, a call.
     * The host limits their number, and the name of an account alone starts none.
     */
    CONTACTS_USER,
    /**
     * Needs a device at the host itself, such as a security key: not offered to users who sign in
     * over the network.
     */
    LOCAL_ONLY,
    /**
     * The user signs in with a browser elsewhere and types nothing here: also used where other
     * methods are switched off ({@code enable_experimental_mfa = false}).
     */
    OTHER_BROWSER,
    /**
     * Asks nothing that it needs an answer to: the user responds elsewhere, on a phone or in a
     * browser. Only such a method is used in programs that have no prompt but the one for the
     * password; it needs a program that can wait.
     */
    NO_PROMPT,
    /**
     * The user does not have to read anything, because the phone rings, for instance. Only such a
     * method is used in programs that show no texts.
     */
    NO_TEXT
  }

  /**
   * What the rules of the host have to know about this method. The same at every call; never
   * throws.
   */
  Set<Trait> traits();

  /**
   * What a user calls this method, in a list of methods to choose from: a noun of some words in
   * English, which is also the key of its translations, such as {@code Text message}. Never throws.
   *
   * @param offer one of the methods that this one serves; its number or address is shown beside
   */
  default String title(FactorOffer offer) {
    return offer.method();
  }

  /**
   * Verifies the factor together with the user.
   *
   * @param challenge not begun yet
   * @param with the user at the prompt
   */
  Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused;
}
