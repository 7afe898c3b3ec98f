package himmelblau.api.tasks;

import java.time.Duration;
import java.util.Map;

/**
 * One thing that needs root.
 *
 * @param task property {@link TaskHandler#TASK} of the handler
 * @param values by name; hostile until the handler has checked them
 * @param deadline after which nobody waits any more
 */
public record TaskRequest(String task, Map<String, byte[]> values, Duration deadline) {
  public TaskRequest {
    values = Map.copyOf(values);
  }
}
