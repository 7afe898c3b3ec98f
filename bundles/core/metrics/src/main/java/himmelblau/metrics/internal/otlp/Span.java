package himmelblau.metrics.internal.otlp;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A part of a sign-in.
 *
 * @param name of the metric, without the name of the product and the unit
 */
record Span(String name, Map<String, String> attributes, Instant end, Duration length) {}
