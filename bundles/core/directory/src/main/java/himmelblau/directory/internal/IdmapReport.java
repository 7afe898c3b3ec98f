package himmelblau.directory.internal;

import himmelblau.api.directory.DirectoryConflict;
import java.util.ArrayList;
import java.util.List;

/** What an administrator should know about the ids of this host. */
final class IdmapReport {
  private final Engine engine;

  IdmapReport(Engine engine) {
    this.engine = engine;
  }

  /** What is wrong with the ids of those whom this host knows. */
  List<String> findings(Comparison comparison) {
    List<String> findings = new ArrayList<>(engine.setup().domains().refusals());
    engine.held().ifPresent(findings::add);
    findings.addAll(engine.conflicts().all());
    Setup setup = engine.setup();
    engine
        .area()
        .read(
            connection -> {
              People.each(
                  connection,
                  person -> {
                    comparison.person(person.name(), person.uid(), person.gid());
                    try {
                      AssignedIds anew = new IdAssigner(setup).person(connection, person.person());
                      if (anew.uid() != person.uid()) {
                        findings.add(
                            person.name()
                                + " has uid "
                                + person.uid()
                                + " here (kept when the account was renamed), but would get "
                                + anew.uid()
                                + " on a new machine; fix it with aad-tool idmap user-add");
                      }
                    } catch (DirectoryConflict e) {
                      findings.add(String.valueOf(e.getMessage()));
                    }
                  });
              Groups.each(connection, comparison::group);
              return true;
            });
    return findings.stream().distinct().toList();
  }
}
