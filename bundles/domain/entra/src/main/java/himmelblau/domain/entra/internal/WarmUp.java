package himmelblau.domain.entra.internal;

import himmelblau.api.status.Preparing;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Prepares a domain for its first question, once, and says so meanwhile. */
final class WarmUp implements Preparing {
  private final EntraDomain domain;
  private final ServiceRegistration<Preparing> registration;

  private WarmUp(BundleContext context, EntraDomain domain) {
    this.domain = domain;
    this.registration = context.registerService(Preparing.class, this, null);
  }

  /** To be called before the domain is registered, or readiness might not wait for it. */
  static WarmUp announced(BundleContext context, EntraDomain domain) {
    return new WarmUp(context, domain);
  }

  void start() {
    Thread.ofVirtual().name("warm-up " + domain.domain()).start(this::run);
  }

  private void run() {
    try {
      domain.warmUp();
    } finally {
      try {
        registration.unregister();
      } catch (IllegalStateException e) {
        // the bundle was stopped meanwhile
      }
    }
  }

  @Override
  public String what() {
    return domain.domain();
  }
}
