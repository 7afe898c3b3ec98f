package himmelblau.shell.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The commands for one kind of plug-ins: {@code mfa:list}, {@code mfa:disable} and so on. */
public final class PluginScope {
  static final String[] FUNCTIONS = {"list", "enable", "disable", "update"};

  private static final Log LOG = Log.of(PluginScope.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String REALLY = "--really";

  private final String scope;
  private final String kind;
  private final Plugins plugins;
  private final ServiceComponentRuntime runtime;
  private final BundleContext context;

  PluginScope(
      String scope,
      String kind,
      Plugins plugins,
      ServiceComponentRuntime runtime,
      BundleContext context) {
    this.scope = scope;
    this.kind = kind;
    this.plugins = plugins;
    this.runtime = runtime;
    this.context = context;
  }

  /** Shown as text. */
  @Descriptor(
      "the plug-ins of this kind, with state, version, since when, and why one does not run")
  public String list() {
    return String.join("\n", Plugins.table(ofKind()));
  }

  /** Shown as text. */
  @Descriptor("use a plug-in again: NAME")
  public String enable(String name) throws PluginRefused, InterruptedException {
    Plugin plugin = find(name);
    if (plugin.state().equals(Plugin.STOPPED)) {
      start(bundle(plugin));
    } else {
      ComponentDescriptionDTO component = component(plugin);
      if (runtime.isComponentEnabled(component)) {
        return now(plugin);
      }
      runtime.enableComponent(component);
    }
    until(() -> ofKind().stream().anyMatch(each -> each.called(name) && each.active()));
    LOG.audit(AuditKind.BUNDLE, AuditOutcome.SUCCESS)
        .warn("plugin.enabled", "kind", kind, "name", plugin.name(), "bundle", plugin.bundle());
    return now(plugin);
  }

  /** Shown as text. */
  @Descriptor(
      "use a plug-in no longer, until it is enabled or himmelblaud restarts: NAME [--really]")
  public String disable(String[] words) throws PluginRefused, InterruptedException {
    List<String> names = List.of(words).stream().filter(word -> !word.equals(REALLY)).toList();
    if (names.size() != 1) {
      throw new PluginRefused("Usage: " + scope + ":disable NAME [" + REALLY + "]");
    }
    Plugin plugin = find(names.getFirst());
    ComponentDescriptionDTO component = component(plugin);
    if (!runtime.isComponentEnabled(component)) {
      return now(plugin);
    }
    boolean last = ofKind().stream().noneMatch(each -> each.active() && !same(each, plugin));
    String consequence = Consequence.of(plugin, last);
    if (Consequence.grave(plugin, last) && names.size() == words.length) {
      throw new PluginRefused(
          consequence
              + " Nothing was changed. To do it: %s:disable %s %s"
                  .formatted(scope, names.getFirst(), REALLY));
    }
    LOG.audit(AuditKind.BUNDLE, AuditOutcome.SUCCESS)
        .warn("plugin.disabled", "kind", kind, "name", plugin.name(), "bundle", plugin.bundle());
    runtime.disableComponent(component);
    until(() -> ofKind().stream().noneMatch(each -> each.active() && same(each, plugin)));
    return now(plugin) + "\n" + consequence + " It is back after a restart of himmelblaud.";
  }

  /** Shown as text. */
  @Descriptor("load another version of a plug-in, until himmelblaud restarts: NAME FILE")
  public String update(String name, String file) throws PluginRefused {
    Plugin plugin = find(name);
    boolean ran = plugin.active();
    BundleUpdate update =
        new BundleUpdate(context, fresh -> ran ? wrong(fresh.getBundleId()) : Optional.empty());
    return update.run(bundle(plugin), Path.of(file));
  }

  /** Why no plug-in of this kind runs in the bundle, although it was started. */
  private Optional<String> wrong(long bundle) {
    try {
      if (until(() -> ofBundle(bundle).stream().anyMatch(Plugin::active))) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.of(
        ofBundle(bundle).stream()
            .findFirst()
            .map(each -> each.name() + " " + each.state() + ": " + each.why())
            .orElse("it has no " + kind));
  }

  private List<Plugin> ofBundle(long bundle) {
    return ofKind().stream()
        .filter(each -> each.component().map(it -> it.bundle.id == bundle).orElse(false))
        .toList();
  }

  private List<Plugin> ofKind() {
    return plugins.all(false).stream().filter(each -> each.kind().equals(kind)).toList();
  }

  private Plugin find(String name) throws PluginRefused {
    List<Plugin> found = ofKind().stream().filter(each -> each.called(name)).toList();
    if (found.isEmpty()) {
      throw new PluginRefused("There is no " + kind + " " + name + "; see " + scope + ":list");
    }
    Plugin first = found.getFirst();
    if (!found.stream().allMatch(each -> same(each, first))) {
      throw new PluginRefused(
          name + " is the name of several; use that of the bundle, see " + scope + ":list");
    }
    return first;
  }

  /** Two domains of one component are enabled and disabled together. */
  private static boolean same(Plugin one, Plugin other) {
    return one.bundle().equals(other.bundle())
        && one.component()
            .map(it -> other.component().map(its -> its.name.equals(it.name)).orElse(false))
            .orElse(other.component().isEmpty());
  }

  private ComponentDescriptionDTO component(Plugin plugin) throws PluginRefused {
    return plugin
        .component()
        .orElseThrow(
            () ->
                new PluginRefused(
                    plugin.name() + " is not a component; use start and stop " + plugin.bundle()));
  }

  private Bundle bundle(Plugin plugin) throws PluginRefused {
    for (Bundle bundle : context.getBundles()) {
      if (plugin.bundle().equals(bundle.getSymbolicName())
          && plugin.component().map(it -> it.bundle.id == bundle.getBundleId()).orElse(true)) {
        return bundle;
      }
    }
    throw new PluginRefused("The bundle " + plugin.bundle() + " is not there any more.");
  }

  private static void start(Bundle bundle) throws PluginRefused {
    try {
      bundle.start();
    } catch (BundleException e) {
      throw new PluginRefused(bundle.getSymbolicName() + " does not start: " + e.getMessage());
    }
  }

  private String now(Plugin plugin) {
    return String.join(
        "\n",
        Plugins.table(
            ofKind().stream().filter(each -> each.bundle().equals(plugin.bundle())).toList()));
  }

  /** Whether it came true in time. */
  private static boolean until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(50);
    }
    return true;
  }
}
