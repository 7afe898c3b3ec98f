package himmelblau.directory.internal;

import himmelblau.api.directory.DirectoryConflict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an administrator should know about the ids of this host. */
final class IdmapReport {
  private final Engine engine;

  IdmapReport(Engine engine) {
    this.engine = engine;
  }

  /**
   * @param elsewhere uids of another machine by folded name; may be empty
   */
  List<String> findings(Map<String, Long> elsewhere) {
    List<String> findings = new ArrayList<>(engine.setup().domains().refusals());
    findings.addAll(engine.conflicts().all());
    Setup setup = engine.setup();
    engine
        .area()
        .read(
            connection -> {
              People.each(
                  connection,
                  person -> {
                    check(person, elsewhere, setup).ifPresent(findings::add);
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
              return true;
            });
    return findings.stream().distinct().toList();
  }

  private static Optional<String> check(
      StoredPerson person, Map<String, Long> elsewhere, Setup setup) {
    Long there = elsewhere.get(person.name().upn());
    if (there == null) {
      there = elsewhere.get(PersonKey.of(setup.names().shown(person.name())));
    }
    return there == null || there == person.uid()
        ? Optional.empty()
        : Optional.of(person.name() + " has uid " + person.uid() + " here and " + there + " there");
  }
}
