package himmelblau.testing.tenant.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One endpoint: a method, a path pattern such as {@code /{tenant}/oauth2/token}, and what answers.
 *
 * <p>Paths are matched whatever their letter case, and empty segments are passed over, because
 * clients send {@code //login} and {@code oAuth2}.
 */
public record Route(String method, List<String> pattern, Endpoint endpoint, Refusals refusals) {

  /** Answers one request. Path values keep the letter case they were sent in. */
  @FunctionalInterface
  public interface Endpoint {
    Reply answer(Request request, Map<String, String> path);
  }

  /** How this family of endpoints says no. */
  @FunctionalInterface
  public interface Refusals {
    Reply say(Request request, Refusal refusal);
  }

  public static Route of(String method, String pattern, Endpoint endpoint, Refusals refusals) {
    return new Route(method, segments(pattern), endpoint, refusals);
  }

  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  Optional<Map<String, String>> match(List<String> path) {
    if (path.size() != pattern.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String expected = pattern.get(i);
      if (expected.startsWith("{") && expected.endsWith("}")) {
        values.put(expected.substring(1, expected.length() - 1), path.get(i));
      } else if (!expected.toLowerCase(Locale.ROOT).equals(path.get(i).toLowerCase(Locale.ROOT))) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }
}
