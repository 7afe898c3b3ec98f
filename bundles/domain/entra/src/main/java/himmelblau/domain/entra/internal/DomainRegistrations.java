package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.status.Trouble;
import himmelblau.domain.entra.internal.client.AppTokens;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * The OSGi services of one domain; its listing is registered while there is a credential.
 * Thread-safe.
 */
final class DomainRegistrations implements AutoCloseable {
  private final BundleContext context;
  private final EntraDomain domain;
  private final ServiceRegistration<DomainProvider> provider;
  private final ServiceRegistration<Trouble> trouble;
  private final CredentialFollower follower;
  private @Nullable ServiceRegistration<DirectoryListing> listing;
  private boolean closed;

  DomainRegistrations(BundleContext context, EntraDomain domain, AppTokens tokens) {
    this.context = context;
    this.domain = domain;
    this.provider =
        context.registerService(
            DomainProvider.class,
            domain,
            FrameworkUtil.asDictionary(
                Map.of(DomainProvider.KIND, "entra", DomainProvider.DOMAIN, domain.domain())));
    this.follower = new CredentialFollower(domain, tokens, this::list).start();
    this.trouble = context.registerService(Trouble.class, () -> troubles(tokens), null);
  }

  private List<String> troubles(AppTokens tokens) {
    List<String> troubles = tokens.troubles();
    if (!troubles.isEmpty()) {
      follower.tryAgain();
    }
    return Stream.concat(domain.findings().stream(), troubles.stream()).toList();
  }

  private synchronized void list(boolean credential) {
    ServiceRegistration<DirectoryListing> registered = listing;
    if (credential && registered == null && !closed) {
      listing =
          context.registerService(
              DirectoryListing.class,
              domain.listing(),
              FrameworkUtil.asDictionary(Map.of(DomainProvider.DOMAIN, domain.domain())));
    } else if (!credential && registered != null) {
      registered.unregister();
      listing = null;
    }
  }

  @Override
  public void close() {
    follower.close();
    synchronized (this) {
      closed = true;
    }
    list(false);
    trouble.unregister();
    provider.unregister();
  }
}
