package himmelblau.domain.entra.internal;

import himmelblau.api.schedule.Jitter;
import himmelblau.api.status.Preparing;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * Prepares a domain for its first request. Reports that it is preparing until the first attempt has
 * ended; if the network comes later, it waits in the background.
 */
final class WarmUp implements Preparing, AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final Jitter jitter = Jitter.normal();
  private final EntraDomain domain;
  private final ServiceRegistration<Preparing> registration;
  private final Thread thread;

  private WarmUp(BundleContext context, EntraDomain domain) {
    this.domain = domain;
    this.registration = context.registerService(Preparing.class, this, null);
    this.thread = Thread.ofVirtual().name("warm-up " + domain.domain()).unstarted(this::run);
  }

  /** To be called before the domain is registered, or readiness might not wait for it. */
  static WarmUp announced(BundleContext context, EntraDomain domain) {
    return new WarmUp(context, domain);
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean done;
    try {
      done = domain.warmUp();
    } finally {
      tried();
    }
    try {
      for (Duration pause = FIRST_PAUSE; !done; pause = longer(pause)) {
        Thread.sleep(jitter.shorten(pause));
        done = domain.warmUp();
      }
    } catch (InterruptedException stop) {
      // the domain goes
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private void tried() {
    try {
      registration.unregister();
    } catch (IllegalStateException e) {
      // the bundle was stopped meanwhile
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  @Override
  public String what() {
    return domain.domain();
  }
}
