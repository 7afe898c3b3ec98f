package himmelblau.kerberos.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.kerberos.TicketListener;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.KeptRenewals;
import himmelblau.api.sso.RenewalListener;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskResult;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Connects sign-ins, renewals and the root helper. */
@Component(
    service = {TicketListener.class, RenewalListener.class, AccountStatusListener.class},
    immediate = true, // tickets end whether or not somebody signs in
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = KerberosComponent.Config.class)
public final class KerberosComponent
    implements TicketListener, RenewalListener, AccountStatusListener {
  private static final Log LOG = Log.of(KerberosComponent.class);
  private static final Path SNIPPETS = Path.of("/etc/krb5.conf.d");

  /** What this reads from {@code himmelblau.global}. */
  @ObjectClassDefinition(name = "Kerberos tickets")
  public @interface Config {
    @AttributeDefinition(description = "Keep Kerberos tickets for the session")
    boolean enable_kerberos_cache();

    @AttributeDefinition(description = "Sign-in socket; who has tickets is kept beside it")
    String socket_path() default "/run/himmelblaud/socket";
  }

  private final BundleContext context;
  private final TicketTasks root = new TicketTasks(() -> Optional.ofNullable(this.tasks));
  private final KerberosService service;
  private final Thread watch;
  private volatile boolean enabled;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable RootTasks tasks;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable KeptRenewals renewals;

  @Activate
  public KerberosComponent(Config config, BundleContext context) {
    this.context = context;
    enabled = config.enable_kerberos_cache();
    InstantSource clock = InstantSource.system();
    service =
        new KerberosService(
            () -> enabled,
            root,
            new TicketReader(clock),
            new Holders(new HolderFiles(Path.of(config.socket_path()).resolveSibling("kerberos"))),
            new Sessions(Path.of("/run/systemd/users")),
            () -> Optional.ofNullable(renewals),
            clock,
            KerberosService.Pause.USUAL);
    watch = Thread.ofVirtual().name("kerberos-watch").start(service::watch);
    if (!enabled) {
      withdraw("enable_kerberos_cache is off");
    }
  }

  @Modified
  void modified(Config config) {
    enabled = config.enable_kerberos_cache();
    if (!enabled) {
      withdraw("enable_kerberos_cache is off");
    }
  }

  /** Takes back what was written, behind the caller, who must not wait for a helper to start. */
  private void withdraw(String reason) {
    Thread.ofVirtual()
        .name("kerberos-withdraw")
        .start(
            () -> {
              try {
                service.dropAll(reason);
                if (configured()) {
                  TaskResult result = root.unconfigure();
                  LOG.info(
                      "kerberos.withdrawn",
                      "reason",
                      reason,
                      "status",
                      result.status(),
                      "detail",
                      result.detail());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static boolean configured() {
    try (DirectoryStream<Path> ours = Files.newDirectoryStream(SNIPPETS, "himmelblau_*.conf")) {
      return ours.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void received(Account account, boolean signIn, KerberosTickets tickets) {
    service.received(account, signIn, tickets);
  }

  /** What a sign-in leaves is kept by others. */
  @Override
  public void signedIn(Account account, Secret renewal) {}

  @Override
  public void ended(AccountName name) {
    Thread.ofVirtual()
        .name("kerberos-ended")
        .start(
            () -> {
              try {
                service.drop(name);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** What a lookup said. */
  @Override
  public void heard(AccountName name, boolean active) {
    if (!active) {
      ended(name);
    }
  }

  @Override
  public void forgetAll() {
    Thread.ofVirtual()
        .name("kerberos-forget")
        .start(
            () -> {
              try {
                service.dropAll("an administrator");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** The bundle was taken away from a daemon that goes on: nobody else would clean up. */
  @Deactivate
  void close() {
    watch.interrupt();
    boolean leaves =
        context.getBundle().getState() == Bundle.STOPPING
            && context.getBundle(0).getState() == Bundle.ACTIVE;
    if (leaves) {
      withdraw("the bundle was stopped");
    }
  }
}
