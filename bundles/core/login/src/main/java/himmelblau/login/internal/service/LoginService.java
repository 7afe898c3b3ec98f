package himmelblau.login.internal.service;

import himmelblau.api.mfa.MfaMethod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a program that calls PAM can show and ask.
 *
 * @param program what administrators call it
 * @param names its names of PAM services; one that ends in {@code *} is the beginning of names
 * @param text whether users see texts
 * @param picture whether users see a QR code
 * @param severalPrompts whether each prompt reaches the user; otherwise the program gives the
 *     password, typed before, to every prompt
 * @param waits whether it can wait for as long as a user needs to respond on another device
 */
public record LoginService(
    String program,
    List<String> names,
    Text text,
    Picture picture,
    boolean severalPrompts,
    boolean waits) {

  private static final Pattern TERMINAL = Pattern.compile("(/dev/)?(tty|pts/|console|hvc).*");

  /** When users see a text that is not part of a prompt. */
  public enum Text {
    /** At once. */
    AT_ONCE("yes"),
    /** Together with the next prompt. */
    WITH_PROMPT("with a prompt"),
    /**
     * At once or together with the next prompt, depending on how the program was built. The
     * administrator tells it with {@code mfa_poll_prompt}.
     */
    AS_CONFIGURED("with a prompt, or at once"),
    /** Never: the program drops it. */
    NEVER("no");

    private final String shown;

    Text(String shown) {
      this.shown = shown;
    }
  }

  /** How a QR code reaches users. */
  public enum Picture {
    /** Drawn with characters: the texts have letters of one width. */
    DRAWN("yes"),
    /** The program gets the address alone and draws the QR code itself. */
    BY_PROGRAM("by the program"),
    /** Drawn with characters if the program tells a terminal and no display. */
    ON_TERMINAL("on a terminal"),
    /** Not at all: the address is in the text. */
    NONE("no");

    private final String shown;

    Picture(String shown) {
      this.shown = shown;
    }
  }

  /**
   * Whether a QR code of characters can be read here.
   *
   * @param tty the terminal that the program told; may be empty
   * @param graphical whether it told a display
   */
  public boolean draws(String tty, boolean graphical) {
    return switch (picture) {
      case DRAWN -> !graphical;
      case ON_TERMINAL -> !graphical && TERMINAL.matcher(tty).matches();
      case BY_PROGRAM, NONE -> false;
    };
  }

  /** Whether a user of this program can prove a factor with a method of these traits. */
  public boolean suits(Set<MfaMethod.Trait> traits) {
    return lacks(traits).isEmpty();
  }

  /** What a method of these traits would need and this program has not, for administrators. */
  public Optional<String> lacks(Set<MfaMethod.Trait> traits) {
    boolean silent = traits.contains(MfaMethod.Trait.NO_PROMPT);
    if (silent && !waits) {
      return Optional.of(program + " does not wait");
    }
    if (!silent && !severalPrompts) {
      return Optional.of(program + " has one prompt only");
    }
    return text == Text.NEVER && !traits.contains(MfaMethod.Trait.NO_TEXT)
        ? Optional.of(program + " shows no texts")
        : Optional.empty();
  }

  /** The cells of this row of the table, as the documentation and administrators see them. */
  public List<String> cells() {
    return List.of(
        program,
        String.join(", ", names),
        text.shown,
        text == Text.NEVER ? "no" : "yes",
        picture.shown,
        yes(severalPrompts),
        yes(waits));
  }

  private static String yes(boolean can) {
    return can ? "yes" : "no";
  }

  boolean named(String service) {
    return names.stream()
        .anyMatch(
            name ->
                name.endsWith("*")
                    ? service.startsWith(name.substring(0, name.length() - 1))
                    : service.equals(name));
  }
}
