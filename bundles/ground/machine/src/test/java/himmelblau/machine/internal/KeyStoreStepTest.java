package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.store.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyStoreStepTest {
  private static final Optional<AccountName> ADA = AccountName.parse("ada@example.org");

  @TempDir private Path directory;
  private final CountDownLatch published = new CountDownLatch(1);
  private MachineFixture host;
  private MachineService service;

  @BeforeEach
  void begin() throws Exception {
    host = new MachineFixture(directory);
    service =
        new MachineService(
            host.stores,
            host.table,
            new MachineService.Settings(
                HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, host.pinFile(), Duration.ofSeconds(1)),
            new MachineService.Publisher() {
              @Override
              public void publish(SwitchableMachine machine, Vault vault) {
                published.countDown();
              }

              @Override
              public void withdraw() {}
            });
  }

  @AfterEach
  void end() throws Exception {
    service.stop();
    host.close();
  }

  private Optional<Finding> found(Optional<AccountName> name) {
    return new KeyStoreStep(service)
        .explain(new ExplainRequest("ada", name, "sshd", false, Optional.empty(), false));
  }

  @Test
  void withoutOpenKeysNobodyIsLetIn() throws Exception {
    assertEquals(Outcome.NO, found(ADA).orElseThrow().outcome());
    service.start();
    assertTrue(published.await(30, TimeUnit.SECONDS));
    Finding open = found(ADA).orElseThrow();
    assertEquals(Outcome.OK, open.outcome());
    assertEquals("open, in the store soft", open.text());
    assertEquals(List.of(OptionUse.of("hsm_type")), open.options());

    KeyStore store = host.stores.find("soft").orElseThrow();
    host.stores.remove(store);
    service.storeRemoved("soft");
    assertEquals(Outcome.NO, found(ADA).orElseThrow().outcome());
  }

  @Test
  void nothingIsSaidAboutANameThatMeansNobody() {
    assertEquals(Optional.empty(), found(Optional.empty()));
  }
}
