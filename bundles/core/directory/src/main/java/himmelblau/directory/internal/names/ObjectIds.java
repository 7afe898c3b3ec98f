package himmelblau.directory.internal.names;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Parses object ids in their full form of 8-4-4-4-12 digits; {@link java.util.UUID} would accept
 * shorter ones.
 */
public final class ObjectIds {
  private static final Pattern FORM =
      Pattern.compile(
          "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

  private ObjectIds() {}

  public static Optional<UUID> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }
}
