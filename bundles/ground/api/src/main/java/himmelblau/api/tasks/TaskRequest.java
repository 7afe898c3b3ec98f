package himmelblau.api.tasks;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One task that needs root. The format of values is specified in docs/protocol/tasks.md; the
 * accessors below check the format only.
 *
 * @param task property {@link TaskHandler#TASK} of the handler
 * @param values by name; untrusted until the handler has checked them
 * @param deadline after which the caller no longer waits
 */
public record TaskRequest(String task, Map<String, byte[]> values, Duration deadline) {
  private static final int MOST_DIGITS = 10; // of an unsigned 32-bit number

  public TaskRequest {
    values = Map.copyOf(values);
  }

  /**
   * The text of that name, if present.
   *
   * @throws IllegalArgumentException if it is not UTF-8 or holds a control character
   */
  public Optional<String> text(String name) {
    byte[] bytes = values.get(name);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.codePoints().noneMatch(Character::isISOControl)) {
        return Optional.of(text);
      }
    } catch (CharacterCodingException e) {
      // refused below
    }
    throw new IllegalArgumentException("The value " + name + " is not a text of one line");
  }

  /**
   * The text of that name, which must be present.
   *
   * @throws IllegalArgumentException if it is missing, or as {@link #text}
   */
  public String required(String name) {
    return text(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new IllegalArgumentException("The value " + name + " is missing"));
  }

  /**
   * An unsigned 32-bit number, which must be present.
   *
   * @throws IllegalArgumentException if it is missing or is not an unsigned number
   */
  public long number(String name) {
    String text = required(name);
    if (text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && (text.length() == 1 || text.charAt(0) != '0')
        && Long.parseLong(text) <= 0xffff_ffffL) {
      return Long.parseLong(text);
    }
    throw new IllegalArgumentException("The value " + name + " is not an unsigned number");
  }

  /** Whether the value is {@code 1}. */
  public boolean flag(String name) {
    return text(name).filter("1"::equals).isPresent();
  }

  /**
   * The list {@code name.0}, {@code name.1} …; empty if there is none.
   *
   * @throws IllegalArgumentException as {@link #text}
   */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Optional<String> next = text(name + ".0");
        next.isPresent();
        next = text(name + "." + texts.size())) {
      texts.add(next.get());
    }
    return List.copyOf(texts);
  }
}
