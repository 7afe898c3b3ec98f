package himmelblau.api.account;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * RFC 2307 attributes of a directory object, as the directory gave them: untrusted until {@code
 * directory} has checked them. Ids are unsigned 32-bit values.
 */
public record PosixAttributes(
    OptionalLong uidNumber,
    OptionalLong gidNumber,
    Optional<String> homeDirectory,
    Optional<String> loginShell,
    Optional<String> gecos) {

  public static final PosixAttributes NONE =
      new PosixAttributes(
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
}
