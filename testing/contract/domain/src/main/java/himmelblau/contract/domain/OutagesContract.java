package himmelblau.contract.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.Session;
import himmelblau.api.secret.Secret;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A directory that does not answer decides nothing, and no wait outlasts whoever waits. */
abstract class OutagesContract {
  private final DomainContract kit;

  OutagesContract(DomainContract kit) {
    this.kit = kit;
  }

  private static Kind unavailable(DomainContract.Call call) {
    return assertThrows(DomainUnavailable.class, call::run).kind();
  }

  @Test
  void withoutANetworkNothingIsDecided() throws Exception {
    DomainProvider provider = kit.at().provider();
    try (Session session = kit.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      assertTrue(provider.reachable());
      kit.at().unreachable();
      assertFalse(assertTimeoutPreemptively(kit.atMost(), provider::reachable));
      if (provider.confirmsNames()) {
        assertEquals(Kind.NETWORK, unavailable(() -> provider.find(kit.at().user())));
        assertEquals(Kind.NETWORK, unavailable(() -> provider.find(kit.at().nobody())));
      }
      assertEquals(
          Kind.NETWORK, unavailable(() -> provider.begin(kit.at().user(), kit.demanding())));
      assertEquals(Kind.NETWORK, unavailable(() -> provider.renew(kit.at().user(), renewal)));
      assertTrue(provider.renewalAlive(renewal), "told without the network");
      kit.at().reachable();
      provider.renew(kit.at().user(), renewal).close();
    }
  }

  @Test
  void aThrottledRequestIsTemporary() throws Exception {
    DomainProvider provider = kit.at().provider();
    assertTrue(provider.find(kit.at().user()).isPresent());
    if (provider.confirmsNames()) {
      kit.at().throttleOnce();
      assertEquals(Kind.TEMPORARY, unavailable(() -> provider.find(kit.at().user())));
    }
    kit.at().throttleOnce();
    assertEquals(
        Kind.TEMPORARY, unavailable(() -> provider.begin(kit.at().user(), kit.demanding())));
    provider.begin(kit.at().user(), kit.demanding()).close();
  }

  @Test
  void aWaitEndsWithItsThread() throws Exception {
    DomainProvider provider = kit.at().provider();
    assertTrue(provider.find(kit.at().user()).isPresent());
    kit.at().stallOnce();
    FutureTask<Object> waiting =
        new FutureTask<>(() -> provider.begin(kit.at().user(), kit.demanding()));
    Thread thread = Thread.ofVirtual().start(waiting);
    while (!kit.at().stalled() && thread.isAlive()) {
      Thread.sleep(10);
    }
    thread.interrupt();
    ExecutionException end =
        assertThrows(
            ExecutionException.class,
            () -> waiting.get(kit.atMost().toMillis(), TimeUnit.MILLISECONDS));
    assertInstanceOf(DomainUnavailable.class, end.getCause());
  }
}
