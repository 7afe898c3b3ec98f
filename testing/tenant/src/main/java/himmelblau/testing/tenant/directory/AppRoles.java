package himmelblau.testing.tenant.directory;

import java.util.List;

/** Application permissions that a newly added application is consented to. */
public final class AppRoles {
  public static final List<String> DEFAULT =
      List.of("User.Read.All", "Group.Read.All", "GroupMember.Read.All", "Directory.Read.All");

  private AppRoles() {}
}
