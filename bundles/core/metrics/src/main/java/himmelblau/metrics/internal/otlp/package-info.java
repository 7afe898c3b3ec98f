/**
 * Sends numbers and traces to a collector by OTLP over HTTP (OpenTelemetry Protocol 1.x, "JSON
 * Protobuf Encoding"). Nothing of it runs while {@code otlp_endpoint} is not set.
 */
@NullMarked
package himmelblau.metrics.internal.otlp;

import org.jspecify.annotations.NullMarked;
