package himmelblau.api.directory;

import himmelblau.api.account.AccountName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The account of a directory user on this host.
 *
 * @param name the user principal name
 * @param objectId empty before the first sign-in
 * @param passwd the passwd entry on this host
 * @param homeName the real directory's name below the home prefix ({@code home_attr})
 * @param homeAliases names of links to it ({@code home_alias}); may be empty
 * @param homePrefix directory that holds homes, with a trailing slash
 * @param groups object ids of the groups known at the last refresh
 */
public record Account(
    AccountName name,
    Optional<UUID> objectId,
    PasswdEntry passwd,
    String homePrefix,
    String homeName,
    List<String> homeAliases,
    List<UUID> groups) {
  public Account {
    homeAliases = List.copyOf(homeAliases);
    groups = List.copyOf(groups);
  }
}
