package himmelblau.directory.internal.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.store.StoredGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdComparisonTest {
  private static final String ONE = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String TWO = "4210d86f-ce97-4aff-97f7-bd3789727903";
  private static final String UPN = "user02@" + DirectoryFixture.DOMAIN;

  @TempDir Path folder;
  private DirectoryFixture fixture;

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
    fixture.add(
        "contoso.example", DirectoryFixture.domain("contoso.example", new IdRange(70_000, 80_000)));
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private IdComparison with(String... lines) throws Exception {
    Path file = Files.writeString(folder.resolve("other"), String.join("\n", lines));
    return new IdComparison(OtherMachineIds.read(file), fixture.engine.setup());
  }

  private static StoredGroup group(String name, String id, long gid) {
    return new StoredGroup(
        UUID.fromString(id), name, gid, "object-id", OptionalLong.empty(), DirectoryFixture.DOMAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user02",
        "USER02",
        "user02@0pndv.onmicrosoft.com",
        "User02@0PNDV.OnMicrosoft.com",
        "0pndv\\user02",
        "0PNDV\\User02",
        "0pndv.onmicrosoft.com\\user02"
      })
  void aUserIsFoundUnderEveryNameThatOthersGive(String name) throws Exception {
    IdComparison comparison = with(name + ":x:42:43:gecos:/:/bin/sh");
    comparison.user(DirectoryFixture.name("user02"), 773235643, 773235643);
    assertEquals(
        List.of(UPN + " has uid 773235643 here and 42 there, gid 773235643 here and 43 there"),
        comparison.findings());
    assertEquals(Optional.empty(), comparison.leftOut());
    assertFalse(comparison.idle());

    IdComparison equal = with(name + ":*:773235643:773235643:gecos:/:/bin/sh");
    equal.user(DirectoryFixture.name("user02"), 773235643, 773235643);
    assertEquals(List.of(), equal.findings());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"other\\user02", "user02@elsewhere.example", "user020", "contoso\\user02"})
  void anotherUserIsNotMistakenForThem(String name) throws Exception {
    IdComparison comparison =
        with("other:x:10:10::/:/bin/sh", "local:x:1500:1500:::", name + ":x:4242:4242::/:/bin/sh");
    comparison.user(DirectoryFixture.name("user02"), 773235643, 773235643);
    assertEquals(List.of(), comparison.findings());
    assertTrue(comparison.idle());
    assertTrue(comparison.leftOut().orElseThrow().startsWith("1 users and 0 groups"));
  }

  @Test
  void shortNamesAreOfThePrimaryDomainOnly() throws Exception {
    IdComparison comparison =
        with("user02:x:42:42::/:/bin/sh", "contoso\\user02:x:43:43::/:/bin/sh");
    comparison.user(new AccountName("user02", "contoso.example"), 70001, 70001);
    assertEquals(
        List.of("user02@contoso.example has uid 70001 here and 43 there"), comparison.findings());
  }

  @Test
  void aLabelOfTwoDomainsSaysNothing() throws Exception {
    fixture.add("contoso.com", DirectoryFixture.domain("contoso.com", new IdRange(90_000, 99_000)));
    IdComparison comparison = with("contoso\\user02:x:43:43::/:/bin/sh");
    comparison.user(new AccountName("user02", "contoso.example"), 70001, 70001);
    comparison.user(new AccountName("user02", "contoso.com"), 90001, 90001);
    assertEquals(List.of(), comparison.findings());
    assertTrue(comparison.idle());
  }

  @Test
  void aPrimaryGroupIsAnIdToo() throws Exception {
    IdComparison comparison = with("user02:x:7001:513::/:/bin/sh");
    comparison.user(DirectoryFixture.name("user02"), 7001, 7100);
    assertEquals(List.of(UPN + " has gid 7100 here and 513 there"), comparison.findings());
  }

  @Test
  void anIdThatAnotherHasThereIsADifference() throws Exception {
    IdComparison comparison =
        with("other\\stranger:x:7001:7001::/:/bin/sh", "user01:x:7003:7003::/:/bin/sh");
    comparison.user(DirectoryFixture.name("user01"), 7003, 7003);
    comparison.user(DirectoryFixture.name("user02"), 7001, 7001);
    comparison.user(DirectoryFixture.name("user03"), 7005, 7005);
    assertEquals(
        List.of(
            "uid 7001 is that of "
                + UPN
                + " here and of other\\stranger there: two users, or one"
                + " user with two names"),
        comparison.findings());
  }

  @Test
  void anAmbiguousNameIsReported() throws Exception {
    IdComparison comparison =
        with("user02:x:7001:7001::/:/bin/sh", "User02:x:7002:7002::/:/bin/sh");
    comparison.user(DirectoryFixture.name("user02"), 7001, 7001);
    assertEquals(List.of(UPN + " has uid 7001 here and 7001 or 7002 there"), comparison.findings());
  }

  @Test
  void handedInTwiceIsSaidOnce() throws Exception {
    IdComparison comparison = with("user02:x:42000:42000::/:/bin/sh", "g:x:7:user02", "g:x:7000:");
    for (int i = 0; i < 2; i++) {
      comparison.user(DirectoryFixture.name("user02"), 43000, 43000);
      comparison.group(group("g", ONE, 8000));
    }
    assertEquals(2, comparison.findings().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "daten gruppe",
        "Daten Gruppe",
        "0pndv\\Daten Gruppe",
        ONE,
        "daten gruppe@0pndv.onmicrosoft.com"
      })
  void aGroupGoesByDisplayNameOrObjectId(String name) throws Exception {
    IdComparison comparison = with(name + ":x:4711:user02," + "user01,".repeat(5000));
    comparison.group(group("Daten Gruppe", ONE, 145696387));
    assertEquals(
        List.of("group " + ONE + " (Daten Gruppe) has gid 145696387 here and 4711 there"),
        comparison.findings());
  }

  @Test
  void twoGroupsOfOneNameAreNotTakenForEachOther() throws Exception {
    IdComparison one = with("same:x:7001:");
    one.group(group("same", ONE, 7001));
    one.group(group("same", TWO, 7002));
    assertEquals(List.of(), one.findings(), "the one there may be the one that has the gid");
    IdComparison none = with("same:x:7003:", "same:x:7001:");
    none.group(group("same", TWO, 7002));
    none.group(group("same", ONE, 7001));
    assertEquals(
        List.of("group " + TWO + " (same) has gid 7002 here and 7003 there"), none.findings());
  }

  @Test
  void aGroupOfTheSystemThereIsNoGroupOfOurs() throws Exception {
    IdComparison comparison = with("sudo:x:27:admin");
    comparison.group(group("sudo", ONE, 7000));
    assertEquals(List.of(), comparison.findings());
    assertEquals(Optional.empty(), comparison.leftOut());
  }

  @Test
  void aPrivateGroupOfTheOtherMachineIsNotAGroupHere() throws Exception {
    IdComparison comparison = with("team:x:7001:7001::/:/bin/sh", "team:x:7001:", "x:x:7002:");
    comparison.group(group("team", ONE, 8001));
    assertEquals(List.of(), comparison.findings());
  }

  @Test
  void furtherDifferencesAreCounted() throws Exception {
    String[] lines = new String[10_050];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "p" + i + ":x:" + (80_000 + i) + ":1000::/:/bin/sh";
    }
    IdComparison comparison = with(lines);
    for (int i = 0; i < lines.length; i++) {
      comparison.user(DirectoryFixture.name("p" + i), 200_000L + i, 1000);
    }
    assertEquals(10_001, comparison.findings().size());
    assertEquals("… and 50 more differences", comparison.findings().getLast());
  }
}
