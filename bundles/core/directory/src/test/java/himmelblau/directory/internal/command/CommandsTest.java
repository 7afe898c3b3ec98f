package himmelblau.directory.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.store.Sql;
import himmelblau.directory.internal.store.StaticIds;
import himmelblau.directory.internal.store.UserTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
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

  /** What a user at a terminal sees and answers. */
  private static final class Screen implements AdminTerminal {
    final List<String> lines = new ArrayList<>();
    final List<String> answers = new ArrayList<>();

    @Override
    public Peer peer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long loginUid() {
      return 0;
    }

    @Override
    public void out(String line) {
      lines.add(line);
    }

    @Override
    public void err(String line) {
      lines.add("err " + line);
    }

    @Override
    public Optional<String> ask(String prompt) {
      lines.add(prompt);
      return answers.isEmpty() ? Optional.empty() : Optional.of(answers.removeFirst());
    }

    @Override
    public Optional<Secret> askHidden(String prompt) {
      return Optional.empty();
    }

    @Override
    public boolean interactive() {
      return true;
    }

    @Override
    public Streams stream(boolean rawMode) {
      throw new UnsupportedOperationException();
    }
  }

  private int run(AdminCommand command, Screen screen, String... options) throws Exception {
    return command.run(List.of(options), screen);
  }

  @Test
  void aFixedIdTakesEffectAtOnceInAnyLetterCase() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    Screen screen = new Screen();
    int code =
        run(
            new IdmapUserAdd(fixture.engine),
            screen,
            "-D",
            "User02@" + DirectoryFixture.DOMAIN,
            "--uid=70001",
            "-g",
            "70002");
    assertEquals(0, code, screen.lines.toString());
    assertEquals(
        70001,
        fixture.directory().account(DirectoryFixture.name("user02")).orElseThrow().passwd().uid());
    assertEquals(0, run(new IdmapClear(fixture.engine), screen));
    assertEquals(
        773235643,
        fixture.directory().account(DirectoryFixture.name("user02")).orElseThrow().passwd().uid());
  }

  @Test
  void reservedLocalAndTakenIdsAreRefused() throws Exception {
    Screen screen = new Screen();
    IdmapUserAdd add = new IdmapUserAdd(fixture.engine);
    for (String uid :
        List.of("0", "999", "61184", "65519", "60001", "65534", "4294967295", "1500", "2000")) {
      assertEquals(
          1,
          run(
              add,
              screen,
              "--name",
              "a@" + DirectoryFixture.DOMAIN,
              "--uid",
              uid,
              "--gid",
              "70000"),
          uid);
    }
    assertEquals(
        0,
        run(
            add,
            screen,
            "--name",
            "a@" + DirectoryFixture.DOMAIN,
            "--uid",
            "70000",
            "--gid",
            "70000"));
    assertEquals(
        1,
        run(
            add,
            screen,
            "--name",
            "b@" + DirectoryFixture.DOMAIN,
            "--uid",
            "70000",
            "--gid",
            "70000"));
    assertEquals(2, run(add, screen, "--name", "nonsense", "--uid", "70000", "--gid", "70000"));
    assertEquals(2, run(add, screen, "--name"));
    IdmapGroupAdd group = new IdmapGroupAdd(fixture.engine);
    assertEquals(1, run(group, screen, "--object_id", ID, "--gid", "61200"));
    assertEquals(0, run(group, screen, "--object_id", ID, "--gid", "80000"));
    assertEquals(2, run(group, screen, "--object_id", "1-2-3-4-5", "--gid", "80000"));
  }

  @Test
  void clearingAsksOnlyWhenItIsFull() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    CacheClear command = new CacheClear(fixture.engine, null, null, List.of());
    Screen screen = new Screen();
    assertEquals(0, run(command, screen));
    assertEquals(List.of("success"), screen.lines);
    assertTrue(fixture.directory().account(DirectoryFixture.name("user02")).isPresent());

    screen = new Screen();
    screen.answers.add("n");
    assertEquals(0, run(command, screen, "--full"));
    String question =
        "This will unjoin the host, clear all caches, and cannot be undone. Proceed? [Y/N]: ";
    assertEquals(List.of(question), screen.lines);
    assertTrue(fixture.directory().account(DirectoryFixture.name("user02")).isPresent());

    screen = new Screen();
    screen.answers.add(" YES");
    assertEquals(0, run(command, screen, "--full"));
    assertEquals(
        List.of(
            question,
            "err forgot 1 users with their groups",
            "err left "
                + DirectoryFixture.DOMAIN
                + "; the device object stays there until it is deleted",
            "success"),
        screen.lines);
    assertTrue(fixture.directory().account(DirectoryFixture.name("user02")).isEmpty());
    assertTrue(fixture.asked.contains("leave " + DirectoryFixture.DOMAIN));
    assertEquals(2, run(command, screen, "--everything"));
  }

  /** Answers are stale after each; what the script said goes with all forms but one. */
  @ParameterizedTest
  @CsvSource({"'',true", "--nss,false", "--mapped,true", "--nss --mapped,true"})
  void eachFormOfClearingForgetsItsOwn(String options, boolean scripted) throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    fixture
        .engine
        .area()
        .write(
            c ->
                Sql.update(
                    c,
                    "INSERT INTO directory_scripted_names (name, upn) VALUES ('shorty', ?)",
                    "user02@" + DirectoryFixture.DOMAIN));
    List<String> given = options.isEmpty() ? List.of() : List.of(options.split(" "));
    Screen screen = new Screen();
    assertEquals(0, new CacheClear(fixture.engine, null, null, List.of()).run(given, screen));
    assertEquals(List.of("success"), screen.lines);
    assertEquals(
        scripted ? 0 : 1,
        fixture
            .engine
            .area()
            .read(
                c ->
                    Sql.list(
                        c,
                        "SELECT name FROM directory_scripted_names WHERE name = 'shorty'",
                        row -> row.getString(1)))
            .size());
    assertEquals(
        1,
        fixture
            .engine
            .area()
            .read(c -> UserTable.stale(c, Instant.ofEpochSecond(1), Instant.now(), 9))
            .size());
    assertTrue(
        fixture.directory().account(DirectoryFixture.name("user02")).isPresent(),
        "nobody vanishes");
  }

  @Test
  void theCheckComparesWithAnotherMachine() throws Exception {
    fixture.directory().record(DirectoryFixture.user("user02", ID), Optional.empty());
    Screen screen = new Screen();
    assertEquals(0, run(new IdmapCheck(fixture.engine, List.of()), screen));
    Path other = folder.resolve("other");
    Files.writeString(other, "User02:x:773235643:773235643::/:/bin/sh\n");
    assertEquals(
        0, run(new IdmapCheck(fixture.engine, List.of()), screen, "--against", other.toString()));
    Files.writeString(other, "stranger:x:5000:5000::/:/bin/sh\n");
    assertEquals(1, run(new IdmapCheck(fixture.engine, List.of()), screen, "--against=" + other));
    assertTrue(screen.lines.getLast().startsWith("err no domain can list"));
    assertTrue(
        screen.lines.stream().anyMatch(line -> line.contains("nothing was compared")),
        "an empty comparison proves nothing");
    Files.writeString(other, "user02@" + DirectoryFixture.DOMAIN + ":x:42:1::/:/bin/sh\n");
    assertEquals(1, run(new IdmapCheck(fixture.engine, List.of()), screen, "--against=" + other));
    assertTrue(
        screen.lines.stream().anyMatch(line -> line.contains("773235643 here and 42 there")));
    assertEquals(
        1, run(new IdmapCheck(fixture.engine, List.of()), screen, "--against", "/nonexistent"));
  }

  /** Nobody in it has numbers. */
  private static final DirectoryListing EMPTY =
      new DirectoryListing() {
        @Override
        public String domain() {
          return DirectoryFixture.DOMAIN;
        }

        @Override
        public void users(Consumer<DirectoryUser> to) {
          to.accept(DirectoryFixture.user("e", ID));
        }

        @Override
        public void groups(Consumer<Group> to) {
          to.accept(DirectoryFixture.group("g", ID));
        }
      };

  @Test
  void enumeratingReplacesTheFixedIds() throws Exception {
    Screen screen = new Screen();
    assertEquals(1, run(new Enumerate(fixture.engine, List.of()), screen));
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, DirectoryFixture.name("old"), 70000, 70000);
              return true;
            });
    DirectoryListing listing =
        new DirectoryListing() {
          @Override
          public String domain() {
            return DirectoryFixture.DOMAIN;
          }

          @Override
          public void users(Consumer<DirectoryUser> to) {
            to.accept(DirectoryFixture.user("a", ID, DirectoryFixture.posix(5000)));
            to.accept(DirectoryFixture.user("b", ID, DirectoryFixture.posix(6000)));
            to.accept(DirectoryFixture.user("c", ID, DirectoryFixture.posix(6000)));
            to.accept(DirectoryFixture.user("d", ID, DirectoryFixture.posix(61200)));
            to.accept(DirectoryFixture.user("e", ID));
          }

          @Override
          public void groups(Consumer<Group> to) {
            to.accept(new Group(UUID.fromString(ID), "g", OptionalLong.of(7000)));
          }
        };
    assertEquals(1, run(new Enumerate(fixture.engine, List.of(EMPTY)), screen));
    assertTrue(screen.lines.getLast().contains("Nothing was changed"));
    assertEquals(
        70000,
        fixture
            .engine
            .area()
            .read(c -> StaticIds.user(c, DirectoryFixture.name("old")))
            .orElseThrow()
            .uid());
    assertEquals(0, run(new Enumerate(fixture.engine, List.of(listing)), screen));
    fixture
        .engine
        .area()
        .read(
            c -> {
              assertEquals(5000, StaticIds.user(c, DirectoryFixture.name("a")).orElseThrow().uid());
              for (String skipped : List.of("b", "c", "d", "e", "old")) {
                assertTrue(StaticIds.user(c, DirectoryFixture.name(skipped)).isEmpty(), skipped);
              }
              assertEquals(OptionalLong.of(7000), StaticIds.group(c, UUID.fromString(ID)));
              return true;
            });
  }
}
