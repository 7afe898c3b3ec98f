package himmelblau.login.internal.settings;

import himmelblau.api.account.AccountName;
import himmelblau.api.log.Log;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code pam_allow_groups} (host-behaviour 2.5): object ids of groups and names of users. Display
 * names never match (CVE-2025-49012).
 */
public final class AccessList {
  private static final Log LOG = Log.of(AccessList.class);

  /** No name and no object id is empty. */
  private static final Set<String> NOBODY = Set.of("");

  private AccessList() {}

  /** Reads the option. A list that is set but empty allows no user. */
  static Set<String> read(String[] configured) {
    Set<String> allowed =
        Stream.of(configured)
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (allowed.isEmpty() && configured.length > 0) {
      LOG.warn("login.allow_list.empty", "option", "pam_allow_groups", "effect", "nobody");
      return NOBODY;
    }
    return allowed;
  }

  public static boolean allows(Set<String> allowed, AccountName name, List<UUID> groups) {
    if (allowed.isEmpty()) {
      return true;
    }
    List<String> matches = matches(allowed, name, groups);
    LOG.debug("login.allow_list", "account", name, "matches", matches.size());
    return !matches.isEmpty();
  }

  /** The entries that admit the account: its name, and object ids of its groups. */
  public static List<String> matches(Set<String> allowed, AccountName name, List<UUID> groups) {
    return Stream.concat(Stream.of(name.upn()), groups.stream().map(UUID::toString))
        .filter(allowed::contains)
        .toList();
  }
}
