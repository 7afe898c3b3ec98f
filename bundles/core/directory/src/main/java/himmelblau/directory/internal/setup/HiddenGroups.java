package himmelblau.directory.internal.setup;

import himmelblau.api.store.Area;
import himmelblau.directory.internal.host.FoldedName;
import himmelblau.directory.internal.host.NamesInRules;
import himmelblau.directory.internal.store.GroupTable;
import java.util.ArrayList;
import java.util.List;

/** Tells an administrator whose rule names a directory group to use its object id instead. */
public final class HiddenGroups {
  private static final int MOST = 5;

  private HiddenGroups() {}

  /**
   * Known groups whose display name is mentioned in a rule of this host, which grants them nothing.
   */
  public static List<String> inRules(Area area, DirectorySetup setup) {
    List<String> groups = new ArrayList<>();
    if (setup.groupNames().mentioned().isPresent()) {
      NamesInRules rules = setup.groupNames().mentioned().get();
      area.read(
          connection -> {
            GroupTable.each(
                connection,
                group -> {
                  if (groups.size() < MOST
                      && rules.names().contains(FoldedName.of(group.displayName()))
                      && !setup.host().accounts().takesName(group.displayName())
                      && !rules.names().contains(group.objectId().toString())) {
                    groups.add("\"" + group.displayName() + "\" = " + group.objectId());
                  }
                });
            return true;
          });
    }
    return groups.isEmpty()
        ? List.of()
        : List.of(
            "Rules of sudo, sshd or polkit use the display name of a directory group, which "
                + "grants nothing to its members; to grant rights to the directory group, use its "
                + "object id: "
                + String.join(", ", groups));
  }
}
