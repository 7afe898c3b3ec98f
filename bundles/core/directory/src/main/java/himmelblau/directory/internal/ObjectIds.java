package himmelblau.directory.internal;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Object ids as text: eight-four-four-four-twelve digits, nothing shorter as UUID itself allows.
 */
final class ObjectIds {
  private static final Pattern FORM =
      Pattern.compile(
          "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

  private ObjectIds() {}

  static Optional<UUID> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }
}
