package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.plugin.PluginRank;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import org.junit.jupiter.api.Test;

class KeyStoresTest {
  private final KeyStores stores = new KeyStores();
  private final KeyStore first = new SoftKeyStore();
  private final KeyStore second = new SoftKeyStore();

  @Test
  void aStoreThatIsAddedLaterDoesNotReplaceTheOneInUse() {
    assertTrue(stores.add("soft", first, new PluginRank(0, 5)));
    assertFalse(stores.add("soft", second, new PluginRank(0, 6)));
    assertSame(first, stores.find("soft").orElseThrow());
    assertFalse(stores.remove(second), "it was not in use");
    assertTrue(stores.remove(first));
    assertTrue(stores.find("soft").isEmpty());
  }

  @Test
  void aHigherRankingTakesOverAndTheOtherComesBack() {
    stores.add("soft", first, new PluginRank(0, 5));
    assertTrue(stores.add("soft", second, new PluginRank(10, 6)));
    assertSame(second, stores.find("soft").orElseThrow());
    assertTrue(stores.remove(second));
    assertSame(first, stores.find("soft").orElseThrow());
  }
}
