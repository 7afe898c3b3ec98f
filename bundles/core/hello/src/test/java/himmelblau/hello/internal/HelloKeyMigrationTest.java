package himmelblau.hello.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.secret.Secret;
import himmelblau.hello.internal.HelloTable.Entry;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryMachine.Import;
import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to the key of a PIN after the machine key has changed. */
class HelloKeyMigrationTest {
  private static final AccountName ADA = new AccountName("ada", "example.org");
  private static final UUID ADA_ID = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  private static final Secret RIGHT = Secret.ofText("182736");
  private static final Secret WRONG = Secret.ofText("999123");
  private static final Secret TOKEN = Secret.ofText("token");

  @TempDir Path folder;
  private final MemoryMachine machine = new MemoryMachine();
  private HelloTable table;
  private HelloKeys hello;
  private byte[] registered;

  @BeforeEach
  void enrolledInTheOldStore() throws Exception {
    table = new HelloTable(new SqliteArea(folder.resolve("db"), HelloTable.MIGRATIONS));
    hello =
        new HelloKeys(
            table,
            machine,
            name -> Optional.of(ADA_ID),
            () -> new HelloSettings(true, 6, 3, true),
            new UserLocks());
    try (UnlockedKey key = hello.enrol(ADA, ADA_ID, RIGHT, fresh -> HelloKind.REGISTERED)) {
      registered = key.key().publicKey().getEncoded();
      key.write(UnlockedKey.Item.RENEWAL, TOKEN);
      key.write(UnlockedKey.Item.TOTP, Secret.ofText("codes"));
    }
    machine.store = "stronger";
  }

  private Entry entry() {
    return table.find(ADA_ID).orElseThrow();
  }

  private void assertWorks() throws Exception {
    assertEquals(PinState.READY, hello.state(ADA));
    try (UnlockedKey key = hello.unlock(ADA, RIGHT);
        Secret token = key.read(UnlockedKey.Item.RENEWAL).orElseThrow();
        Secret codes = key.read(UnlockedKey.Item.TOTP).orElseThrow()) {
      assertArrayEquals(registered, key.key().publicKey().getEncoded());
      assertEquals(HelloKind.REGISTERED, key.kind());
      assertTrue(token.matches(TOKEN));
      assertEquals("codes", codes.revealText());
    }
  }

  @Test
  void theCorrectPinMovesTheKeyAndItsItems() throws Exception {
    assertEquals(PinState.READY, hello.state(ADA), "an older machine key's PIN is offered");
    assertWorks();
    assertEquals("stronger", entry().key().store());
    machine.letsOut = false; // nothing of the old one is needed any more
    assertWorks();
    assertEquals(
        0,
        table
            .attempts()
            .attempts(ADA_ID, new AttemptTable.Attempt(AttemptTable.What.PIN, PinOrigin.OWN)));
  }

  @Test
  void aWrongPinIsCountedAndMovesNothing() {
    PinRefused refused = assertThrows(PinRefused.class, () -> hello.unlock(ADA, WRONG));
    assertEquals(1, refused.attempts());
    assertEquals("memory", entry().key().store());
  }

  @ParameterizedTest
  @EnumSource(
      value = Import.class,
      names = {"TAKES"},
      mode = EnumSource.Mode.EXCLUDE)
  void whateverFailsLeavesTheOldKeyInUse(Import failure) throws Exception {
    machine.onImport = failure;
    Entry before = entry();
    assertWorks();
    assertEquals("memory", entry().key().store());
    assertEquals(before.generation(), entry().generation());
    assertArrayEquals(before.key().blob(), entry().key().blob());
    machine.onImport = Import.TAKES;
    assertWorks();
    assertEquals("stronger", entry().key().store());
  }

  @Test
  void aKeyThatIsNotLetOutStaysAndWorks() throws Exception {
    machine.letsOut = false;
    assertWorks();
    assertEquals("memory", entry().key().store());
  }

  @Test
  void itIsNotTakenAwayFromASignInThatUsesIt() throws Exception {
    machine.onImport = Import.FAILS;
    try (UnlockedKey first = hello.unlock(ADA, RIGHT)) {
      machine.onImport = Import.TAKES;
      hello.unlock(ADA, RIGHT).close();
      assertEquals("memory", entry().key().store());
      first.write(UnlockedKey.Item.RENEWAL, TOKEN);
      assertEquals(
          "token", first.read(UnlockedKey.Item.RENEWAL).map(Secret::revealText).orElseThrow());
    }
    assertWorks();
    assertEquals("stronger", entry().key().store());
  }

  @Test
  void whatChangedMeanwhileIsNotOverwritten() throws Exception {
    Entry before = entry();
    byte[] sealed = table.item(ADA_ID, UnlockedKey.Item.RENEWAL).orElseThrow();
    Entry after = new Entry(ADA_ID, before.name(), "other", before.key(), before.kind());
    MigratedHelloKey moved =
        new MigratedHelloKey(
            before,
            after,
            List.of(
                new MigratedHelloKey.Item(UnlockedKey.Item.TOTP, new byte[] {1}, new byte[] {2}),
                new MigratedHelloKey.Item(UnlockedKey.Item.RENEWAL, sealed, new byte[] {3})));
    assertEquals(false, table.move(moved), "the code's secret is not what was read");
    assertEquals(before.generation(), entry().generation());
    assertArrayEquals(sealed, table.item(ADA_ID, UnlockedKey.Item.RENEWAL).orElseThrow());
    assertEquals(
        false,
        table.move(new MigratedHelloKey(after, before, List.of())),
        "the key is another one");
    assertWorks();
  }

  @Test
  void ownersOfKeysAreListed() {
    assertEquals(
        List.of("ada@example.org"), table.all().stream().map(kept -> kept.owner()).toList());
    assertEquals("memory", table.all().get(0).key().store());
  }
}
