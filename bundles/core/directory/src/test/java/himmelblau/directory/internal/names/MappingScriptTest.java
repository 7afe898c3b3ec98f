package himmelblau.directory.internal.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.directory.internal.store.DirectoryTables;
import himmelblau.directory.internal.store.Sql;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingScriptTest {
  /** What a script may take beyond the time that this machine needs to run one at all. */
  private static final Duration SOON = Duration.ofSeconds(6);

  @TempDir Path folder;

  private MappingScript.Outcome run(String text) throws Exception {
    Path nothing = script("nothing", "exit 0");
    Path script = script("script", text);
    long begun = System.nanoTime();
    MappingScript.run(nothing, "bob");
    long reference = System.nanoTime() - begun;
    MappingScript.Outcome outcome = MappingScript.run(script, "bob");
    long took = System.nanoTime() - begun - reference;
    assertTrue(
        took < SOON.toNanos() + 20 * reference, took + " ns, doing nothing " + reference + " ns");
    return outcome;
  }

  private Path script(String name, String text) throws Exception {
    Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
    assertTrue(script.toFile().setExecutable(true));
    return script;
  }

  @Test
  void printsTheMappedAccount() throws Exception {
    assertEquals(new MappingScript.Outcome.Means("bob@x.example"), run("echo \" $1@x.example \""));
    assertEquals(new MappingScript.Outcome.Nobody(), run("exit 0"));
    assertEquals(
        new MappingScript.Outcome.Means("/ none"),
        run("read line; echo \"$PWD $line${HOME-none}\""),
        "no input, no environment, a folder of nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 3",
        "kill -9 $$",
        "exec sleep 60",
        "sleep 60",
        "trap '' TERM; while :; do :; done",
        "yes bob@x.example",
        "head -c 2000000 /dev/zero",
        "echo a@x.example; echo b@x.example",
        "printf 'a\\0b'",
        "printf '\\033[2Ja@x.example'"
      })
  void whateverElseItDoesIsAFailureSoon(String text) throws Exception {
    assertInstanceOf(MappingScript.Outcome.Failed.class, run(text));
  }

  @Test
  void aChildThatKeepsTheOutputOpenDoesNotBlock() throws Exception {
    assertEquals(
        new MappingScript.Outcome.Means("bob@x.example"), run("sleep 20 & echo bob@x.example"));
  }

  @Test
  void whatIsNoProgramIsAFailure() throws Exception {
    Path plain = Files.writeString(folder.resolve("plain"), "text");
    assertInstanceOf(MappingScript.Outcome.Failed.class, MappingScript.run(plain, "bob"));
    assertInstanceOf(MappingScript.Outcome.Failed.class, MappingScript.run(folder, "bob"));
    assertInstanceOf(
        MappingScript.Outcome.Failed.class, MappingScript.run(folder.resolve("absent"), "bob"));
  }

  @Test
  void whatOthersCanWriteDoesNotRun() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path script = Files.writeString(own.resolve("script"), "#!/bin/sh\necho a@x.example\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), script);
    MappingScript.Outcome fine = new MappingScript.Outcome.Means("a@x.example");
    for (String mode : new String[] {"rwxr-xr-x", "rwx------"}) {
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(mode));
      assertEquals(fine, MappingScript.run(script, "bob"), mode);
    }
    assertEquals(fine, MappingScript.run(link, "bob"));
    for (String mode : new String[] {"rwxrwxr-x", "rwxr-xrwx", "rw-r--r--"}) {
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(mode));
      assertTrue(MappingScript.obstacle(script).isPresent(), mode);
      assertInstanceOf(MappingScript.Outcome.Failed.class, MappingScript.run(script, "bob"), mode);
    }
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(MappingScript.obstacle(script).orElseThrow().contains(own + " can be written"));
    assertTrue(MappingScript.obstacle(link).orElseThrow().contains(own + " can be written"));
    assertInstanceOf(MappingScript.Outcome.Failed.class, MappingScript.run(link, "bob"));
    assertTrue(MappingScript.obstacle(Path.of("names")).orElseThrow().contains("not absolute"));
    if (System.getProperty("user.name").equals("root")) {
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setAttribute(script, "unix:uid", 65534);
      assertTrue(MappingScript.obstacle(script).isPresent(), "of somebody else");
    }
  }

  @Test
  void ofSeveralNamesTheFirstIsShownAndTheyDoNotPileUp() throws Exception {
    SqliteArea area = DirectoryTables.in(folder.resolve("db"));
    ScriptedNames names = new ScriptedNames(area);
    names.remember("User02", "user02@x.example");
    names.remember("another", "USER02@x.example");
    names.remember("USER02", "user02@x.example");
    assertEquals(Optional.of("user02"), names.nameOf("user02@x.example"));
    assertEquals(Optional.of("user02@x.example"), names.upnOf("AnOther"));
    area.write(
        c ->
            Sql.update(
                c,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9990)"
                    + " INSERT INTO directory_scripted_names (name, upn, further)"
                    + " SELECT 'm' || i, 'm' || i || '@x.example', 0 FROM n"));
    for (int i = 0; i < 60; i++) {
      names.remember("n" + i, "n" + i + "@x.example");
    }
    long kept =
        area.read(
            c ->
                Sql.first(c, "SELECT count(*) FROM directory_scripted_names", row -> row.getLong(1))
                    .orElse(0L));
    assertTrue(kept <= 10_000, "anybody can ask for names: " + kept);
  }

  @Test
  void aHostileNameNeverReachesIt() throws Exception {
    assertEquals(
        new MappingScript.Outcome.Nobody(), MappingScript.run(folder.resolve("absent"), "-rf"));
    assertEquals(
        new MappingScript.Outcome.Nobody(), MappingScript.run(folder.resolve("absent"), "a\nb"));
  }

  @Test
  void callersDuringARunGetItsResult() throws Exception {
    ScriptedNames names = new ScriptedNames(DirectoryTables.in(folder.resolve("db")));
    Path script =
        Files.writeString(
            folder.resolve("script"),
            "#!/bin/sh\necho run >>" + folder + "/runs\nsleep 0.3\necho bob@x.example\n");
    assertTrue(script.toFile().setExecutable(true));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(8, () -> names.ask(script, "bob")))) {
        assertEquals(new MappingScript.Outcome.Means("bob@x.example"), answer.get());
      }
    }
    assertEquals(1, Files.readAllLines(folder.resolve("runs")).size());
  }

  @Test
  void aScriptThatFailsIsNotAskedAgainAtOnce() throws Exception {
    ScriptedNames names = new ScriptedNames(DirectoryTables.in(folder.resolve("db")));
    Path script =
        Files.writeString(
            folder.resolve("script"), "#!/bin/sh\necho run >>" + folder + "/runs\nexit 1\n");
    assertTrue(script.toFile().setExecutable(true));
    for (int i = 0; i < 3; i++) {
      assertInstanceOf(MappingScript.Outcome.Failed.class, names.ask(script, "bob"));
    }
    assertEquals(1, Files.readAllLines(folder.resolve("runs")).size());
    names.clear();
    names.ask(script, "bob");
    assertEquals(2, Files.readAllLines(folder.resolve("runs")).size());
  }
}
