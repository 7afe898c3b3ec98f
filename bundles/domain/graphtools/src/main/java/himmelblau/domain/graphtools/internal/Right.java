package himmelblau.domain.graphtools.internal;

/**
 * A permission on Microsoft Graph that a command needs (entra-hello-graph 2.7), and what a user
 * needs beside it.
 */
enum Right {
  READ_APPLICATIONS("Application.Read.All", "permission to read application registrations"),
  WRITE_APPLICATIONS(
      "Application.ReadWrite.All",
      "Application Administrator or Cloud Application Administrator, or to own the application"),
  WRITE_USERS("User.ReadWrite.All", "User Administrator"),
  WRITE_GROUPS("Group.ReadWrite.All", "Groups Administrator or User Administrator");

  private final String permission;
  private final String role;

  Right(String permission, String role) {
    this.permission = permission;
    this.role = role;
  }

  /** The name in the directory, for delegated and application permissions. */
  String permission() {
    return permission;
  }

  /** The role, or what stands for one. */
  String role() {
    return role;
  }
}
