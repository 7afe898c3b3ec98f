package himmelblau.explain.internal;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionOrigins.Origin;
import himmelblau.api.explain.OptionUse;
import java.util.List;
import java.util.Map;

/** All that was found about one user, in the order of the steps. */
record Explanation(ExplainRequest request, List<Step> steps) {
  Explanation {
    steps = List.copyOf(steps);
  }

  /**
   * What one step found.
   *
   * @param origins of its options; without a value: not set
   */
  record Step(String name, Finding finding, Map<OptionUse, List<Origin>> origins) {}

  /** Whether the user would be let in. */
  enum Verdict {
    YES(0),
    NO(1),
    /** Other PAM modules decide. */
    LOCAL(3);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }

    int exitCode() {
      return code;
    }
  }

  /** Nothing that was found is a yes: without a step that says so, nobody is let in. */
  Verdict verdict() {
    if (any(Outcome.LOCAL)) {
      return Verdict.LOCAL;
    }
    return any(Outcome.NO) || request.name().isEmpty() ? Verdict.NO : Verdict.YES;
  }

  private boolean any(Outcome outcome) {
    return steps.stream().anyMatch(step -> step.finding().outcome() == outcome);
  }

  /** Names of the steps with this outcome. */
  List<String> with(Outcome outcome) {
    return steps.stream()
        .filter(step -> step.finding().outcome() == outcome)
        .map(Step::name)
        .toList();
  }
}
