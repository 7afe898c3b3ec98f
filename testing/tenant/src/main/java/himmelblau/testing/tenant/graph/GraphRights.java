package himmelblau.testing.tenant.graph;

import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.token.Bearer;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a token may do. A permission of an application is enough; a delegated one counts only as far
 * as its user may do the same, by a role of the directory or as the owner.
 */
record GraphRights(Directory directory) {
  private static final Set<String> READ_USERS =
      Set.of(
          "User.Read.All",
          "User.ReadBasic.All",
          "User.ReadWrite.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All");
  private static final Set<String> READ_GROUPS =
      Set.of(
          "GroupMember.Read.All",
          "Group.Read.All",
          "Group.ReadWrite.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All");
  private static final Set<String> READ_APPS =
      Set.of(
          "Application.Read.All",
          "Application.ReadWrite.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All");
  private static final String ANYTHING = "Global Administrator";

  boolean readUsers(Bearer.Accepted token) {
    return any(token, READ_USERS);
  }

  boolean readGroups(Bearer.Accepted token) {
    return any(token, READ_GROUPS);
  }

  boolean readApps(Bearer.Accepted token) {
    return any(token, READ_APPS);
  }

  boolean writeUsers(Bearer.Accepted token) {
    return any(token, Set.of("User.ReadWrite.All", "Directory.ReadWrite.All"))
        && mayItself(token, "User Administrator");
  }

  boolean writeGroups(Bearer.Accepted token) {
    return any(token, Set.of("Group.ReadWrite.All", "Directory.ReadWrite.All"))
        && mayItself(token, "User Administrator", "Groups Administrator");
  }

  /** Every user may register applications, as a tenant has it from the beginning. */
  boolean createApps(Bearer.Accepted token) {
    return any(token, Set.of("Application.ReadWrite.All"));
  }

  boolean changeApp(Bearer.Accepted token, App app) {
    boolean owner =
        !token.app() && app.registration().owner().filter(token.object()::equals).isPresent();
    return createApps(token)
        && (owner
            || mayItself(token, "Application Administrator", "Cloud Application Administrator"));
  }

  private boolean mayItself(Bearer.Accepted token, String... roles) {
    if (token.app()) {
      return true;
    }
    Set<String> held = directory.roles(token.tenant(), token.object());
    return Stream.concat(Stream.of(ANYTHING), Stream.of(roles)).anyMatch(held::contains);
  }

  private static boolean any(Bearer.Accepted token, Set<String> permissions) {
    return token.permissions().stream().anyMatch(permissions::contains);
  }
}
