package himmelblau.testing.tenant.directory;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * reads the seed file with the initial content of the tenants. Its format is described in the
 * README.
 */
public final class Seed {
  private static final String DEFAULT = "/himmelblau/testing/tenant/default-seed.yaml";

  private final Directory directory;
  private final Settings settings;

  public Seed(Directory directory, Settings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /**
   * Loads the given file, or the built-in one.
   *
   * @throws IllegalArgumentException naming the place when the file says something senseless
   */
  public void load(Optional<Path> file) throws IOException {
    Object root;
    String name = file.map(Path::toString).orElse("the default seed");
    try (Reader reader = file.isPresent() ? Files.newBufferedReader(file.get()) : builtIn()) {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(name + " is not YAML: " + e.getMessage(), e);
    }
    Map<String, Object> top = map(root, name);
    map(top.get("settings"), "settings").forEach((key, v) -> settings.set(key, String.valueOf(v)));
    for (Object tenant : list(top.get("tenants"), "tenants")) {
      tenant(map(tenant, "tenants"));
    }
    if (directory.tenants().isEmpty()) {
      throw new IllegalArgumentException(name + " has no tenants; add a list 'tenants'");
    }
  }

  private static Reader builtIn() {
    InputStream in = Seed.class.getResourceAsStream(DEFAULT);
    if (in == null) {
      throw new UncheckedIOException(new IOException("the default seed is missing from the jar"));
    }
    return new java.io.InputStreamReader(in, StandardCharsets.UTF_8);
  }

  private void tenant(Map<String, Object> values) {
    List<String> domains =
        list(values.get("domains"), "domains").stream()
            .map(domain -> String.valueOf(domain).toLowerCase(Locale.ROOT))
            .toList();
    if (domains.isEmpty()) {
      throw new IllegalArgumentException("a tenant needs at least one of 'domains'");
    }
    UUID id = id(values.get("id"), "tenant:" + domains.get(0));
    directory.put(
        new Tenant(
            id,
            text(values.get("name")).orElse(domains.get(0)),
            text(values.get("region")).orElse("EU"),
            domains));
    for (Object user : list(values.get("users"), "users")) {
      directory.put(user(id, map(user, "users")));
    }
    for (Object group : list(values.get("groups"), "groups")) {
      directory.put(group(id, map(group, "groups")));
    }
    for (Object entry : list(values.get("apps"), "apps")) {
      directory.put(app(id, map(entry, "apps")));
    }
  }

  private static User user(UUID tenant, Map<String, Object> values) {
    String upn = text(values.get("upn")).orElseThrow(() -> missing("users", "upn"));
    return new User(
        tenant,
        id(values.get("id"), "user:" + upn.toLowerCase(Locale.ROOT)),
        upn,
        text(values.get("name")).orElse(upn.substring(0, Math.max(0, upn.indexOf('@')))),
        text(values.get("password")).orElse("Passw0rd!"),
        list(values.get("mfa"), "mfa").stream().map(String::valueOf).toList(),
        !Boolean.TRUE.equals(values.get("disabled")),
        Boolean.TRUE.equals(values.get("password-expired")),
        strings(values.get("unix")),
        Instant.EPOCH);
  }

  private Group group(UUID tenant, Map<String, Object> values) {
    String name = text(values.get("name")).orElseThrow(() -> missing("groups", "name"));
    Set<UUID> members = new HashSet<>();
    for (Object member : list(values.get("members"), "members")) {
      members.add(
          directory
              .user(String.valueOf(member))
              .map(User::id)
              .orElseGet(() -> UUID.fromString(String.valueOf(member))));
    }
    return new Group(
        tenant,
        id(values.get("id"), "group:" + tenant + ":" + name),
        name,
        text(values.get("type")).orElse("group"),
        members,
        strings(values.get("unix")));
  }

  private static App app(UUID tenant, Map<String, Object> values) {
    UUID clientId =
        UUID.fromString(
            text(values.get("client-id")).orElseThrow(() -> missing("apps", "client-id")));
    return new App(
        tenant,
        clientId,
        id(null, "app:" + tenant + ":" + clientId),
        text(values.get("name")).orElse("app"),
        list(values.get("redirect-uris"), "redirect-uris").stream().map(String::valueOf).toList(),
        text(values.get("secret")).stream()
            .map(secret -> new App.Secret(secret, Instant.MAX))
            .toList(),
        List.of(),
        AppRoles.DEFAULT);
  }

  private static IllegalArgumentException missing(String where, String what) {
    return new IllegalArgumentException("an entry of '" + where + "' has no '" + what + "'");
  }

  /** The given id, or one that is always the same for the same words. */
  static UUID id(@Nullable Object given, String words) {
    return given == null
        ? UUID.nameUUIDFromBytes(words.getBytes(StandardCharsets.UTF_8))
        : UUID.fromString(String.valueOf(given));
  }

  private static Optional<String> text(@Nullable Object value) {
    return Optional.ofNullable(value).map(String::valueOf);
  }

  private static List<?> list(@Nullable Object value, String where) {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("'" + where + "' must be a list");
  }

  private static Map<String, Object> map(@Nullable Object value, String where) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, v) -> values.put(String.valueOf(key), v));
    } else if (value != null) {
      throw new IllegalArgumentException("'" + where + "' must hold 'name: value' pairs");
    }
    return values;
  }

  private static Map<String, String> strings(@Nullable Object value) {
    Map<String, String> strings = new LinkedHashMap<>();
    map(value, "unix").forEach((key, v) -> strings.put(key, String.valueOf(v)));
    return strings;
  }
}
