package himmelblau.directory.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.directory.internal.Settings.Source;
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

class TenantCheckTest {
  private static final String ONE = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String TWO = "4210d86f-ce97-4aff-97f7-bd3789727903";

  @TempDir Path folder;
  private World world;

  @BeforeEach
  void begin() throws Exception {
    world = new World(folder);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private record Listing(List<DirectoryUser> all, List<Group> allGroups)
      implements DirectoryListing {
    @Override
    public String domain() {
      return World.DOMAIN;
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

  private TenantCheck.Outcome check(List<DirectoryUser> users, List<Group> groups)
      throws DomainUnavailable {
    return new TenantCheck(world.engine, Comparison.none(world.engine.setup()))
        .run(List.of(new Listing(users, groups)));
  }

  @Test
  void aTenantWithoutCollisionsIsProvenSo() throws Exception {
    List<DirectoryUser> users =
        IntStream.range(0, 3000)
            .mapToObj(i -> World.user("p" + i, UUID.randomUUID().toString()))
            .toList();
    TenantCheck.Outcome outcome = check(users, List.of(World.group("g", ONE)));
    assertEquals(new TenantCheck.Outcome(List.of(), 3000, 1, 0), outcome);
  }

  @Test
  void everyCollisionIsFoundWithAllItsSides() throws Exception {
    world.engine.settings(world.settings(Source.RFC2307, true, Optional.empty()));
    List<String> findings =
        check(
                List.of(
                    World.user("a", ONE, World.posix(5000)),
                    World.user("b", TWO, World.posix(5000)),
                    World.user("c", UUID.randomUUID().toString(), World.posix(5000)),
                    World.user("d", UUID.randomUUID().toString(), World.posix(6000)),
                    World.user("e", UUID.randomUUID().toString(), World.posix(61_200)),
                    World.user("f", UUID.randomUUID().toString(), World.posix(1500)),
                    World.user("g", UUID.randomUUID().toString())),
                List.of(
                    new Group(UUID.fromString(ONE), "g1", OptionalLong.of(6000)),
                    new Group(UUID.fromString(TWO), "g2", OptionalLong.of(7000)),
                    new Group(new UUID(1, 2), "g3", OptionalLong.of(7000))))
            .findings();
    String domain = "@" + World.DOMAIN;
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
  void strangersAreCountedNotJudged() throws Exception {
    DirectoryUser guest =
        DirectoryUser.provisional(AccountName.parse("x@elsewhere.example").orElseThrow());
    assertEquals(new TenantCheck.Outcome(List.of(), 0, 0, 1), check(List.of(guest), List.of()));
  }

  @Test
  void theWholeTenantIsComparedWithAnotherMachine() throws Exception {
    Path file = folder.resolve("other");
    Files.writeString(file, "User01@%s:x:42:42::/:/bin/sh\n".formatted(World.DOMAIN));
    Comparison comparison = new Comparison(Elsewhere.read(file), world.engine.setup());
    new TenantCheck(world.engine, comparison)
        .run(List.of(new Listing(List.of(World.user("user01", ONE)), List.of())));
    assertEquals(
        List.of("user01@" + World.DOMAIN + " has uid 680773750 here and 42 there"),
        comparison.findings());
  }
}
