package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.Answer;
import himmelblau.api.directory.PasswdEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedNamesTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void begin() throws Exception {
    world = new World(folder);
  }

  private Optional<String> shown(String name) {
    return world.directory().userByName(name, World.BUDGET)
            instanceof Answer.Found<PasswdEntry> found
        ? Optional.of(found.value().name())
        : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana", "Grafana", "mysql", "_apt", "systemd-network", "wheel"})
  void aSystemAccountCanBeMadeAlthoughTheDirectoryHasTheName(String name) throws Exception {
    assertInstanceOf(
        Answer.NotFound.class, world.directory().userByName(name, World.BUDGET), "never asked");
    String local = name.toLowerCase(Locale.ROOT);
    String upn = local + "@" + World.DOMAIN;
    world.directory().record(DirectoryUser.provisional(World.name(local)), Optional.empty());
    assertEquals(Optional.empty(), shown(name), "also when somebody asked for the whole name");
    assertEquals(Optional.of(upn), shown(upn));
    assertFalse(world.asked.contains(upn));
  }

  @Test
  void whoHasSignedInHasTheShortName() throws Exception {
    world.directory().record(World.user("grafana", ID), Optional.empty());
    assertEquals(Optional.of("grafana"), shown("grafana"));
    assertEquals(Optional.of("grafana"), shown("grafana@" + World.DOMAIN));
    assertEquals("grafana", world.map.changes.getLast().users().getFirst().entry().name());

    Files.writeString(world.etc.resolve("passwd"), "grafana:x:998:998::/:/bin/false\n");
    assertEquals(Optional.of("grafana@" + World.DOMAIN), shown("grafana@" + World.DOMAIN));
  }

  @Test
  void nobodysOwnGroupHasTheNameOfOneWithRights() throws Exception {
    world.directory().record(World.user("wheel", ID), Optional.empty());
    String upn = "wheel@" + World.DOMAIN;
    assertEquals(Optional.of(upn), shown("wheel"));
    assertInstanceOf(Answer.NotFound.class, world.directory().groupByName("wheel", World.BUDGET));
    assertInstanceOf(Answer.Found.class, world.directory().groupByName(upn, World.BUDGET));
  }

  @Test
  void theOptionAddsNamesAndTakesSomeOff() {
    ReservedNames names = new ReservedNames(List.of("builder", "-git", "-GRAFANA"));
    assertTrue(names.has("builder") && names.has("mysql"));
    assertFalse(names.has("git") || names.has("grafana") || names.has("user02"));
    assertTrue(names.givesRights("backup"));
    assertFalse(new ReservedNames(List.of("-backup")).givesRights("backup"));
  }
}
