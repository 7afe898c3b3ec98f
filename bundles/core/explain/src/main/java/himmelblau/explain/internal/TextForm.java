package himmelblau.explain.internal;

import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionOrigins.Origin;
import himmelblau.api.explain.OptionUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An explanation as lines for a terminal. */
final class TextForm {
  private static final String FORM = "%-6s%-15s%s";
  private static final String INDENT = " ".repeat(21);

  private TextForm() {}

  static List<String> lines(Explanation explanation) {
    List<String> lines = new ArrayList<>();
    for (Explanation.Step step : explanation.steps()) {
      lines.add(FORM.formatted(word(step.finding().outcome()), step.name(), step.finding().text()));
      step.finding().details().forEach(detail -> lines.add(INDENT + detail));
      step.origins().forEach((use, origins) -> lines.addAll(option(use, origins)));
    }
    lines.add(verdict(explanation));
    return List.copyOf(lines);
  }

  /** One that stands in the way is seen at once. */
  private static String word(Outcome outcome) {
    return outcome == Outcome.NO ? "NO" : outcome.name().toLowerCase(Locale.ROOT);
  }

  private static List<String> option(OptionUse use, List<Origin> origins) {
    if (origins.isEmpty()) {
      return List.of(INDENT + use.name() + " is not set");
    }
    return origins.stream()
        .map(
            origin ->
                "%s%s = %s (%s)"
                    .formatted(
                        INDENT,
                        origin.option(),
                        origin.value(),
                        origin.place().orElse("the default")))
        .toList();
  }

  private static String verdict(Explanation explanation) {
    String typed = explanation.request().typed();
    String service = explanation.request().service();
    List<String> open = explanation.with(Outcome.OPEN);
    return switch (explanation.verdict()) {
      case YES ->
          "Verdict: %s would be let in by %s%s"
              .formatted(
                  typed,
                  service,
                  open.isEmpty() ? "" : "; known at the sign-in only: " + String.join(", ", open));
      case NO ->
          "Verdict: %s would not be let in by %s: %s"
              .formatted(typed, service, String.join(", ", explanation.with(Outcome.NO)));
      case LOCAL ->
          "Verdict: %s is an account of this host; other PAM modules decide".formatted(typed);
    };
  }
}
