package himmelblau.explain.internal;

import himmelblau.api.explain.ExplainStep;
import java.util.Comparator;
import java.util.Map;

/**
 * A step that is there now.
 *
 * @param name its service property; the name of its class if it has none
 * @param order its service property; last if it has none
 */
record NamedStep(String name, int order, ExplainStep step) {
  static final Comparator<NamedStep> ORDER =
      Comparator.comparingInt(NamedStep::order).thenComparing(NamedStep::name);

  static NamedStep of(ExplainStep step, Map<String, ?> properties) {
    String name =
        properties.get(ExplainStep.STEP) instanceof String given
            ? given
            : step.getClass().getName();
    int order =
        properties.get(ExplainStep.ORDER) instanceof Integer given ? given : Integer.MAX_VALUE;
    return new NamedStep(name, order, step);
  }
}
