package himmelblau.directory.internal.compare;

import himmelblau.api.directory.DirectoryConflict;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.assign.IdAssigner;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.GroupTable;
import himmelblau.directory.internal.store.UserTable;
import java.util.ArrayList;
import java.util.List;

/** Problems with the ids of this host that an administrator should know. */
public final class IdmapReport {
  private final DirectoryEngine engine;

  public IdmapReport(DirectoryEngine engine) {
    this.engine = engine;
  }

  /** Problems with the ids of known users and groups. */
  public List<String> findings(IdComparison comparison) {
    List<String> findings = new ArrayList<>(engine.setup().domains().refusals());
    engine.held().ifPresent(findings::add);
    findings.addAll(engine.conflicts().all());
    DirectorySetup setup = engine.setup();
    engine
        .area()
        .read(
            connection -> {
              UserTable.each(
                  connection,
                  user -> {
                    comparison.user(user.name(), user.uid(), user.gid());
                    try {
                      AssignedIds anew =
                          new IdAssigner(setup).user(connection, user.toDirectoryUser());
                      if (anew.uid() != user.uid()) {
                        findings.add(
                            user.name()
                                + " has uid "
                                + user.uid()
                                + " here (kept when the account was renamed), but would get "
                                + anew.uid()
                                + " on a new machine; fix it with aad-tool idmap user-add");
                      }
                    } catch (DirectoryConflict e) {
                      findings.add(String.valueOf(e.getMessage()));
                    }
                  });
              GroupTable.each(connection, comparison::group);
              return true;
            });
    return findings.stream().distinct().toList();
  }
}
