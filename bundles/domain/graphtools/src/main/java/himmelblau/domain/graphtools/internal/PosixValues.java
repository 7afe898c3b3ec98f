package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonPrimitive;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Values of attributes, checked before anything is sent. */
final class PosixValues {
  private static final long LARGEST = Integer.MAX_VALUE; // what the directory's type holds
  private static final int LONGEST = 256;

  private PosixValues() {}

  /** Those options that are given, in the order of the attributes. */
  static Map<PosixAttribute, JsonPrimitive> ofUser(CommandArguments arguments) throws WrongUsage {
    Map<PosixAttribute, JsonPrimitive> values = new EnumMap<>(PosixAttribute.class);
    put(values, PosixAttribute.UID_NUMBER, id(arguments, "--uid"));
    put(values, PosixAttribute.GID_NUMBER, id(arguments, "--gid"));
    put(values, PosixAttribute.HOME, path(arguments, "--home"));
    put(values, PosixAttribute.SHELL, path(arguments, "--shell"));
    put(values, PosixAttribute.GECOS, text(arguments, "--gecos"));
    if (values.isEmpty()) {
      throw new WrongUsage("Give at least one of --uid, --gid, --home, --shell and --gecos");
    }
    return values;
  }

  static Map<PosixAttribute, JsonPrimitive> ofGroup(CommandArguments arguments) throws WrongUsage {
    arguments.require("--gid");
    Map<PosixAttribute, JsonPrimitive> values = new EnumMap<>(PosixAttribute.class);
    put(values, PosixAttribute.GID_NUMBER, id(arguments, "--gid"));
    return values;
  }

  private static void put(
      Map<PosixAttribute, JsonPrimitive> values,
      PosixAttribute attribute,
      Optional<JsonPrimitive> value) {
    value.ifPresent(given -> values.put(attribute, given));
  }

  private static Optional<JsonPrimitive> id(CommandArguments arguments, String option)
      throws WrongUsage {
    if (!arguments.has(option)) {
      return Optional.empty();
    }
    String text = arguments.require(option);
    if (!text.matches("[0-9]{1,10}")) {
      throw new WrongUsage(option + " is not a number: " + text);
    }
    long id = Long.parseLong(text);
    if (id > LARGEST) {
      throw new WrongUsage(option + " is larger than the directory can store (" + LARGEST + ")");
    }
    if (id < 1000) {
      throw new WrongUsage(option + " is reserved for system accounts (0-999): " + id);
    }
    if (id >= 60_001 && id <= 65_535) {
      throw new WrongUsage(option + " is reserved for systemd and nobody (60001-65535): " + id);
    }
    return Optional.of(new JsonPrimitive(id));
  }

  private static Optional<JsonPrimitive> path(CommandArguments arguments, String option)
      throws WrongUsage {
    Optional<JsonPrimitive> text = text(arguments, option);
    if (text.isPresent() && !text.get().getAsString().matches("(/(?!\\.{1,2}(/|$))[^/\\s]+)+")) {
      throw new WrongUsage(
          option + " is not an absolute path without blanks, dots and slash at its end");
    }
    return text;
  }

  /** A field of passwd(5). */
  private static Optional<JsonPrimitive> text(CommandArguments arguments, String option)
      throws WrongUsage {
    if (!arguments.has(option)) {
      return Optional.empty();
    }
    String text = arguments.require(option);
    if (text.length() > LONGEST
        || text.codePoints().anyMatch(c -> c == ':' || Character.isISOControl(c))) {
      throw new WrongUsage(
          option + " has a colon or a control character, or is longer than " + LONGEST);
    }
    return Optional.of(new JsonPrimitive(text));
  }
}
