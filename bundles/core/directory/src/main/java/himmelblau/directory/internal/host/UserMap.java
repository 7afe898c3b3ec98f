package himmelblau.directory.internal.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Local accounts that directory users sign in to: lines {@code local:name@domain}. Immutable. */
public record UserMap(Map<String, String> upns, Map<String, String> locals) {
  static final UserMap EMPTY = new UserMap(Map.of(), Map.of());

  /** A missing or unreadable file is an empty map. */
  static UserMap read(Path file) {
    Map<String, String> upns = new HashMap<>();
    Map<String, String> locals = new HashMap<>();
    try {
      new String(Files.readAllBytes(file), UTF_8).lines().forEach(line -> add(line, upns, locals));
    } catch (IOException absent) {
      return EMPTY;
    }
    return new UserMap(Map.copyOf(upns), Map.copyOf(locals));
  }

  private static void add(String line, Map<String, String> upns, Map<String, String> locals) {
    int colon = line.indexOf(':');
    if (line.isBlank() || line.strip().startsWith("#") || colon < 0) {
      return;
    }
    String local = line.substring(0, colon).strip();
    String upn = line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
    if (!local.isEmpty()
        && !upn.isEmpty()
        && !upns.containsKey(local)
        && !locals.containsKey(upn)) {
      upns.put(local, upn);
      locals.put(upn, local);
    }
  }

  public Optional<String> upnOf(String local) {
    return Optional.ofNullable(upns.get(local));
  }

  public Optional<String> localOf(String upn) {
    return Optional.ofNullable(locals.get(upn));
  }
}
