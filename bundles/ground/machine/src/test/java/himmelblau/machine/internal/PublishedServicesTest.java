package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.Vault;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class PublishedServicesTest {
  private final AtomicInteger registered = new AtomicInteger();
  private final CountDownLatch registering = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** As in the framework, where others are started in the call that registers a service. */
  private final BundleContext context =
      proxy(
          BundleContext.class,
          method -> {
            registering.countDown();
            released.await();
            registered.incrementAndGet();
            return proxy(ServiceRegistration.class, call -> registered.decrementAndGet());
          });

  private interface Answer {
    Object to(String method) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object result = answer.to(method.getName());
              return method.getReturnType() == void.class ? null : result;
            }));
  }

  @Test
  void aStopDoesNotWaitForAServiceThatIsBeingRegistered() throws Exception {
    PublishedServices services = new PublishedServices(context);
    Vault vault = proxy(Vault.class, method -> null);
    Thread opener =
        Thread.ofVirtual()
            .start(() -> services.publish(new SwitchableMachine(Duration.ofSeconds(1)), vault));
    assertTrue(registering.await(20, TimeUnit.SECONDS));
    Thread stop = Thread.ofVirtual().start(services::withdraw);
    stop.join(Duration.ofSeconds(20));
    assertTrue(!stop.isAlive(), "else the daemon is killed after its time to stop");
    released.countDown();
    opener.join(Duration.ofSeconds(20));
    assertEquals(0, registered.get(), "nothing stays registered");
    services.publish(new SwitchableMachine(Duration.ofSeconds(1)), vault);
    assertEquals(0, registered.get());
  }
}
