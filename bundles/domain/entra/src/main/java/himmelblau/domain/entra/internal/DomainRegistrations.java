package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.graph.GraphAccess;
import himmelblau.api.sso.ResourceTokens;
import himmelblau.api.status.OptionFindings;
import himmelblau.api.status.Trouble;
import himmelblau.domain.entra.internal.client.AppTokens;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
  private final ServiceRegistration<ResourceTokens> resourceTokens;
  private final ServiceRegistration<GraphAccess> graph;
  private final ServiceRegistration<ExplainStep> device;
  private final ServiceRegistration<Trouble> trouble;
  private final ServiceRegistration<OptionFindings> findings;
  private final CredentialFollower follower;
  private final AtomicReference<@Nullable ServiceRegistration<DirectoryListing>> listing =
      new AtomicReference<>();
  private volatile boolean closed;

  DomainRegistrations(BundleContext context, EntraDomain domain, AppTokens tokens) {
    this.context = context;
    this.domain = domain;
    this.provider =
        context.registerService(
            DomainProvider.class,
            domain,
            FrameworkUtil.asDictionary(
                Map.of(DomainProvider.KIND, "entra", DomainProvider.DOMAIN, domain.domain())));
    this.resourceTokens =
        context.registerService(
            ResourceTokens.class,
            domain.resourceTokens(),
            FrameworkUtil.asDictionary(Map.of(DomainProvider.DOMAIN, domain.domain())));
    this.graph =
        context.registerService(
            GraphAccess.class,
            domain.graphAccess(),
            FrameworkUtil.asDictionary(Map.of(DomainProvider.DOMAIN, domain.domain())));
    this.device =
        context.registerService(
            ExplainStep.class,
            new DeviceStep(domain),
            FrameworkUtil.asDictionary(
                Map.of(ExplainStep.STEP, DeviceStep.NAME, ExplainStep.ORDER, DeviceStep.PLACE)));
    this.follower = new CredentialFollower(domain, tokens, this::list).start();
    this.findings = context.registerService(OptionFindings.class, domain.optionFindings(), null);
    this.trouble = context.registerService(Trouble.class, () -> troubles(tokens), null);
  }

  private List<String> troubles(AppTokens tokens) {
    List<String> troubles = tokens.troubles();
    if (!troubles.isEmpty()) {
      follower.tryAgain();
    }
    return Stream.concat(domain.findings().stream(), troubles.stream()).toList();
  }

  /** Called by the follower's thread only. Without a lock, which a stop would have to wait for. */
  private void list(boolean credential) {
    if (credential && listing.get() == null && !closed) {
      listing.set(
          context.registerService(
              DirectoryListing.class,
              domain.listing(),
              FrameworkUtil.asDictionary(Map.of(DomainProvider.DOMAIN, domain.domain()))));
    }
    if (!credential || closed) {
      unlist();
    }
  }

  private void unlist() {
    ServiceRegistration<DirectoryListing> registered = listing.getAndSet(null);
    if (registered != null) {
      registered.unregister();
    }
  }

  @Override
  public void close() {
    follower.close();
    closed = true;
    unlist();
    findings.unregister();
    trouble.unregister();
    device.unregister();
    graph.unregister();
    resourceTokens.unregister();
    provider.unregister();
  }
}
