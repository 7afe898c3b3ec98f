package himmelblau.testing.tenant.directory;

import java.util.List;
import java.util.Set;

/** Application permissions on Graph. */
public final class AppRoles {
  /** What a newly added application is consented to. */
  public static final List<String> DEFAULT =
      List.of("User.Read.All", "Group.Read.All", "GroupMember.Read.All", "Directory.Read.All");

  private static final Set<String> KNOWN =
      Set.of(
          "Application.Read.All",
          "Application.ReadWrite.All",
          "Device.Read.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All",
          "Group.Read.All",
          "Group.ReadWrite.All",
          "GroupMember.Read.All",
          "User.Read.All",
          "User.ReadBasic.All",
          "User.ReadWrite.All");

  private AppRoles() {}

  /**
   * Permissions by name; {@code none} stands for none at all.
   *
   * @throws IllegalArgumentException for a name that is not a permission
   */
  public static List<String> of(List<String> names) {
    if (names.equals(List.of("none"))) {
      return List.of();
    }
    for (String name : names) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "no application permission '"
                + name
                + "'; there are none, "
                + String.join(", ", KNOWN.stream().sorted().toList()));
      }
    }
    return List.copyOf(names);
  }
}
