package himmelblau.directory.internal.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantComparisonTest {
  private static final String ONE = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String TWO = "4210d86f-ce97-4aff-97f7-bd3789727903";

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

  private record Listing(List<DirectoryUser> all, List<Group> allGroups)
      implements DirectoryListing {
    @Override
    public String domain() {
      return DirectoryFixture.DOMAIN;
    }

    @Override
    public void users(Consumer<DirectoryUser> to) {
      all.forEach(to);
    }

    @Override
    public void groups(Consumer<Group> to) {
      allGroups.forEach(to);
    }
  }

  private TenantComparison.Outcome check(List<DirectoryUser> users, List<Group> groups)
      throws DomainUnavailable {
    return new TenantComparison(
            fixture.engine, new IdComparison(OtherMachineIds.NOWHERE, fixture.engine.setup()))
        .run(List.of(new Listing(users, groups)));
  }

  @Test
  void aTenantWithoutCollisionsIsProvenSo() throws Exception {
    List<DirectoryUser> users =
        IntStream.range(0, 3000)
            .mapToObj(i -> DirectoryFixture.user("p" + i, UUID.randomUUID().toString()))
            .toList();
    TenantComparison.Outcome outcome = check(users, List.of(DirectoryFixture.group("g", ONE)));
    assertEquals(new TenantComparison.Outcome(List.of(), 3000, 1, 0), outcome);
  }

  @Test
  void everyCollisionIsFoundWithAllItsSides() throws Exception {
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    List<String> findings =
        check(
                List.of(
                    DirectoryFixture.user("a", ONE, DirectoryFixture.posix(5000)),
                    DirectoryFixture.user("b", TWO, DirectoryFixture.posix(5000)),
                    DirectoryFixture.user(
                        "c", UUID.randomUUID().toString(), DirectoryFixture.posix(5000)),
                    DirectoryFixture.user(
                        "d", UUID.randomUUID().toString(), DirectoryFixture.posix(6000)),
                    DirectoryFixture.user(
                        "e", UUID.randomUUID().toString(), DirectoryFixture.posix(61_200)),
                    DirectoryFixture.user(
                        "f", UUID.randomUUID().toString(), DirectoryFixture.posix(1500)),
                    DirectoryFixture.user("g", UUID.randomUUID().toString())),
                List.of(
                    new Group(UUID.fromString(ONE), "g1", OptionalLong.of(6000)),
                    new Group(UUID.fromString(TWO), "g2", OptionalLong.of(7000)),
                    new Group(new UUID(1, 2), "g3", OptionalLong.of(7000))))
            .findings();
    String domain = "@" + DirectoryFixture.DOMAIN;
    assertTrue(
        findings.stream()
            .anyMatch(
                line ->
                    line.startsWith(
                        "uid 5000 would be that of a%1$s and of b%1$s and of c%1$s;"
                            .formatted(domain))),
        findings.toString());
    for (String part :
        List.of(
            "gid 6000 would be that of d" + domain + " and of group " + ONE,
            "gid 7000 would be that of group " + TWO,
            "uid 61200 of e" + domain,
            "uid 1500 of f" + domain,
            "g" + domain + " has no uidNumber")) {
      assertTrue(findings.stream().anyMatch(line -> line.contains(part)), part + " " + findings);
    }
    assertEquals(6, findings.size(), findings.toString());
  }

  @Test
  void unknownObjectsAreCountedOnly() throws Exception {
    DirectoryUser guest =
        DirectoryUser.provisional(AccountName.parse("x@elsewhere.example").orElseThrow());
    assertEquals(
        new TenantComparison.Outcome(List.of(), 0, 0, 1), check(List.of(guest), List.of()));
  }

  @Test
  void theWholeTenantIsComparedWithAnotherMachine() throws Exception {
    Path file = folder.resolve("other");
    Files.writeString(file, "User01@%s:x:42:42::/:/bin/sh\n".formatted(DirectoryFixture.DOMAIN));
    IdComparison comparison = new IdComparison(OtherMachineIds.read(file), fixture.engine.setup());
    new TenantComparison(fixture.engine, comparison)
        .run(List.of(new Listing(List.of(DirectoryFixture.user("user01", ONE)), List.of())));
    assertEquals(
        List.of("user01@" + DirectoryFixture.DOMAIN + " has uid 680773750 here and 42 there"),
        comparison.findings());
  }
}
