package himmelblau.directory.internal.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.directory.internal.DirectoryFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedNamesTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";

  @TempDir Path folder;
  private DirectoryFixture fixture;

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private Optional<String> shown(String name) {
    return fixture.directory().userByName(name, DirectoryFixture.BUDGET)
            instanceof LookupAnswer.Found<PasswdEntry> found
        ? Optional.of(found.value().name())
        : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana", "Grafana", "mysql", "_apt", "systemd-network", "wheel"})
  void aSystemAccountCanBeMadeAlthoughTheDirectoryHasTheName(String name) throws Exception {
    assertInstanceOf(
        LookupAnswer.NotFound.class,
        fixture.directory().userByName(name, DirectoryFixture.BUDGET),
        "never asked");
    String local = name.toLowerCase(Locale.ROOT);
    String upn = local + "@" + DirectoryFixture.DOMAIN;
    fixture
        .directory()
        .record(DirectoryUser.provisional(DirectoryFixture.name(local)), Optional.empty());
    assertEquals(Optional.empty(), shown(name), "also when somebody asked for the whole name");
    assertEquals(Optional.of(upn), shown(upn));
    assertFalse(fixture.asked.contains(upn));
  }

  @Test
  void aUserWhoHasSignedInHasTheShortName() throws Exception {
    fixture.directory().record(DirectoryFixture.user("grafana", ID), Optional.empty());
    assertEquals(Optional.of("grafana"), shown("grafana"));
    assertEquals(Optional.of("grafana"), shown("grafana@" + DirectoryFixture.DOMAIN));
    assertEquals("grafana", fixture.map.changes.getLast().users().getFirst().entry().name());

    Files.writeString(fixture.etc.resolve("passwd"), "grafana:x:998:998::/:/bin/false\n");
    assertEquals(
        Optional.of("grafana@" + DirectoryFixture.DOMAIN),
        shown("grafana@" + DirectoryFixture.DOMAIN));
  }

  @Test
  void noPrivateGroupHasTheNameOfAGroupWithRights() throws Exception {
    fixture.directory().record(DirectoryFixture.user("wheel", ID), Optional.empty());
    String upn = "wheel@" + DirectoryFixture.DOMAIN;
    assertEquals(Optional.of(upn), shown("wheel"));
    assertInstanceOf(
        LookupAnswer.NotFound.class,
        fixture.directory().groupByName("wheel", DirectoryFixture.BUDGET));
    assertInstanceOf(
        LookupAnswer.Found.class, fixture.directory().groupByName(upn, DirectoryFixture.BUDGET));
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
