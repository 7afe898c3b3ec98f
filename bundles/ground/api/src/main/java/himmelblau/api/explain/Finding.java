package himmelblau.api.explain;

import java.util.List;

/**
 * What one step found.
 *
 * @param text one line
 * @param details further lines, such as one for each sign-in method
 * @param options the options that decided it, also those that are not set
 */
public record Finding(Outcome outcome, String text, List<String> details, List<OptionUse> options) {
  public Finding {
    details = List.copyOf(details);
    options = List.copyOf(options);
  }

  /** Its weight in the verdict. */
  public enum Outcome {
    /** Nothing here stands in the way. */
    OK,
    /** The user would not be let in, because of this. */
    NO,
    /** Worth knowing; decides nothing by itself. */
    NOTE,
    /** Known only when the user signs in. */
    OPEN,
    /** The name belongs to the host: other PAM modules decide. */
    LOCAL
  }

  public static Finding of(Outcome outcome, String text, OptionUse... options) {
    return new Finding(outcome, text, List.of(), List.of(options));
  }

  /** The same with further lines. */
  public Finding with(List<String> more) {
    return new Finding(outcome, text, more, options);
  }
}
