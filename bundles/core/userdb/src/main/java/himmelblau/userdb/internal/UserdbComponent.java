package himmelblau.userdb.internal;

import himmelblau.api.directory.Directory;
import himmelblau.api.log.Log;
import himmelblau.api.status.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Serves systemd's user database in addition to the other sockets. The host works without it. */
@Component(
    immediate = true,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class UserdbComponent implements Trouble {
  private static final Log LOG = Log.of(UserdbComponent.class);

  /** What this reads from {@code himmelblau.global}. */
  @ObjectClassDefinition(name = "User database for systemd")
  public @interface Config {
    @AttributeDefinition(
        description = "Sign-in socket; the socket of the user database is in the same directory")
    String socket_path() default "/run/himmelblaud/socket";
  }

  private final CallDispatch dispatch;
  private volatile @Nullable Directory directory;
  private volatile List<String> troubles = List.of();
  private @Nullable RelayListener listener;

  @Activate
  public UserdbComponent(BundleContext context, Config config) {
    this.dispatch =
        new CallDispatch(
            new Introspection(context.getBundle().getVersion().toString()),
            new UserDatabase(() -> Optional.ofNullable(directory)));
    listen(config);
  }

  @Modified
  synchronized void listen(Config config) {
    Path path = Path.of(config.socket_path()).resolveSibling("userdb");
    RelayListener before = listener;
    if (before != null && before.path().equals(path)) {
      return;
    }
    try {
      listener = RelayListener.open(path, dispatch, VarlinkConnection.Patience.USUAL);
      troubles = List.of();
      if (before != null) {
        before.close();
      }
    } catch (IOException e) {
      LOG.error("userdb.not_listening", e);
      troubles =
          List.of("directory users are not visible in systemd's user database: " + e.getMessage());
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindDirectory(Directory directory) {
    this.directory = directory;
  }

  void unbindDirectory(Directory directory) {
    if (this.directory == directory) {
      this.directory = null;
    }
  }

  @Override
  public List<String> troubles() {
    return troubles;
  }

  @Deactivate
  synchronized void close() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }
}
