package himmelblau.directory.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import himmelblau.directory.internal.store.Sql;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An account that was deleted and created again, and cached results whose reason no longer exists.
 */
class ChangedObjectIdTest {
  private static final String BEFORE = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String NOW = "4210d86f-ce97-4aff-97f7-bd3789727903";

  @TempDir Path folder;
  private DirectoryFixture fixture;

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
    fixture.configure(fixture.settings(Source.NAME, true, Optional.empty()));
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private Account record(DirectoryUser user) throws Exception {
    return fixture.directory().record(user, Optional.empty());
  }

  /** What an administrator types. */
  private void decide(long id) throws Exception {
    AdminTerminal silent =
        (AdminTerminal)
            Proxy.newProxyInstance(
                AdminTerminal.class.getClassLoader(),
                new Class<?>[] {AdminTerminal.class},
                (proxy, method, arguments) -> null);
    String number = Long.toString(id);
    assertEquals(
        0,
        new IdmapUserAdd(fixture.engine)
            .run(
                List.of(
                    "--name",
                    "user02@" + DirectoryFixture.DOMAIN,
                    "--uid",
                    number,
                    "--gid",
                    number),
                silent));
  }

  private Optional<String> obstacle() {
    return fixture.directory().obstacle(DirectoryFixture.name("user02"));
  }

  @Test
  void aRecreatedAccountIsRefusedUntilAnAdministratorDecides() throws Exception {
    long uid = record(DirectoryFixture.user("user02", BEFORE)).passwd().uid();
    assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", NOW)));
    assertEquals(
        Optional.of(UUID.fromString(BEFORE)),
        fixture.directory().account(DirectoryFixture.name("user02")).flatMap(Account::objectId),
        "files keep their owner");
    assertTrue(obstacle().orElseThrow().contains("aad-tool idmap user-add --name user02@"));
    fixture.engine.conflicts().reconsider();
    assertTrue(obstacle().isPresent(), "a change of the configuration decides nothing");

    decide(300001);
    assertEquals(Optional.empty(), obstacle());
    Account anew = record(DirectoryFixture.user("user02", NOW));
    assertEquals(300001, anew.passwd().uid());
    assertTrue(uid != anew.passwd().uid());
  }

  /** The directory says in between that there is no such account. */
  private void noticeDeletion() throws Exception {
    fixture.directory().expire();
    fixture.directory().userByName("user02", DirectoryFixture.BUDGET);
    for (int i = 0; i < 200 && known().isPresent(); i++) {
      Thread.sleep(50);
    }
    assertEquals(Optional.empty(), known());
    fixture.directory().expire(); // and forgets that the name is missing
  }

  private Optional<Account> known() {
    return fixture.directory().account(DirectoryFixture.name("user02"));
  }

  @Test
  void aRecreatedAccountIsRefusedAlsoAfterTheDeletionWasNoticed() throws Exception {
    long uid = record(DirectoryFixture.user("user02", BEFORE)).passwd().uid();
    noticeDeletion();
    DirectoryConflict refused =
        assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", NOW)));
    assertTrue(String.valueOf(refused.getMessage()).contains(NOW + " instead of " + BEFORE));
    assertTrue(obstacle().orElseThrow().contains("aad-tool idmap user-add --name user02@"));
    fixture.engine.conflicts().reconsider();
    assertTrue(obstacle().isPresent(), "a change of the configuration decides nothing");
    decide(300001);
    assertEquals(Optional.empty(), obstacle());
    assertEquals(300001, record(DirectoryFixture.user("user02", NOW)).passwd().uid());
    assertEquals(
        uid, record(DirectoryFixture.user("renamed", BEFORE)).passwd().uid(), "it was renamed");
  }

  @Test
  void anAdministratorMayGiveItTheUidOfTheOneBefore() throws Exception {
    long uid = record(DirectoryFixture.user("user02", BEFORE)).passwd().uid();
    noticeDeletion();
    assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", NOW)));
    decide(uid);
    assertEquals(uid, record(DirectoryFixture.user("user02", NOW)).passwd().uid());
    assertEquals(uid, record(DirectoryFixture.user("user02", NOW)).passwd().uid(), "and later");
  }

  @Test
  void anAccountThatWasRestoredIsAsBefore() throws Exception {
    long uid = record(DirectoryFixture.user("user02", BEFORE)).passwd().uid();
    noticeDeletion();
    assertEquals(uid, record(DirectoryFixture.user("user02", BEFORE)).passwd().uid());
  }

  @Test
  void aNameOfADeletedAccountBeginsNoSessionBeforeASignIn() throws Exception {
    record(DirectoryFixture.user("user02", BEFORE));
    noticeDeletion();
    record(DirectoryUser.provisional(DirectoryFixture.name("user02")));
    assertTrue(
        fixture
            .directory()
            .undecided(DirectoryFixture.name("user02"))
            .orElseThrow()
            .contains(BEFORE));
    record(DirectoryUser.provisional(DirectoryFixture.name("somebody")));
    assertEquals(
        Optional.empty(), fixture.directory().undecided(DirectoryFixture.name("somebody")));
    assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", NOW)));
    assertTrue(obstacle().isPresent());
    decide(300001);
    assertEquals(300001, record(DirectoryFixture.user("user02", NOW)).passwd().uid());
  }

  @Test
  void aLookupThatOnlyKnowsTheNameDecidesNothing() throws Exception {
    record(DirectoryFixture.user("user02", BEFORE));
    assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", NOW)));
    record(DirectoryUser.provisional(DirectoryFixture.name("user02")));
    assertTrue(obstacle().isPresent());
    record(DirectoryFixture.user("user02", BEFORE));
    assertEquals(Optional.empty(), obstacle(), "the one before was restored");
  }

  @Test
  void whatTheOneBeforeHadIsGivenOnDemandOnly() throws Exception {
    long uid = record(DirectoryFixture.user("user02", BEFORE)).passwd().uid();
    assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", NOW)));
    decide(uid);
    assertEquals(uid, record(DirectoryFixture.user("user02", NOW)).passwd().uid());
  }

  @Test
  void aNameThatMovedToAKnownAccountTakesNoIds() throws Exception {
    record(DirectoryFixture.user("user02", BEFORE));
    long uid = record(DirectoryFixture.user("user01", NOW)).passwd().uid();
    assertEquals(uid, record(DirectoryFixture.user("user02", NOW)).passwd().uid());
    assertEquals(
        773235643,
        record(DirectoryFixture.user("renamed", BEFORE)).passwd().uid(),
        "theirs stay theirs");
  }

  @Test
  void theVerdictOfARuleEndsWithIt() throws Exception {
    record(DirectoryFixture.user("user02", BEFORE));
    fixture.start();
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    reassignUntil(true);
    assertTrue(obstacle().orElseThrow().contains("uidNumber"));
    fixture.configure(fixture.settings(Source.NAME, true, Optional.empty()));
    reassignUntil(false);
    assertEquals(Optional.empty(), obstacle());
    assertEquals(773235643, record(DirectoryFixture.user("user02", BEFORE)).passwd().uid());
  }

  /** The engine looks at new settings in the background. */
  private void reassignUntil(boolean refused) throws Exception {
    for (int i = 0; i < 200; i++) {
      fixture.engine.reassign();
      if (obstacle().isPresent() == refused) {
        return;
      }
      Thread.sleep(50);
    }
  }

  @Test
  void theVerdictAboutTheDirectorysDataEndsByItself() throws Exception {
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    assertThrows(DirectoryConflict.class, () -> record(DirectoryFixture.user("user02", BEFORE)));
    assertTrue(obstacle().isPresent());
    fixture
        .engine
        .area()
        .write(c -> Sql.update(c, "UPDATE directory_conflicts SET noted = noted - 301"));
    assertEquals(Optional.empty(), obstacle());
  }

  @Test
  void aStandInIsNotDecided() throws Exception {
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    record(DirectoryUser.provisional(DirectoryFixture.name("user02")));
    assertTrue(fixture.directory().undecided(DirectoryFixture.name("user02")).isPresent());
    record(DirectoryFixture.user("user02", BEFORE, DirectoryFixture.posix(5000)));
    assertEquals(Optional.empty(), fixture.directory().undecided(DirectoryFixture.name("user02")));
  }
}
