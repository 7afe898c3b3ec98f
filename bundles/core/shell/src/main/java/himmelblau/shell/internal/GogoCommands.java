package himmelblau.shell.internal;

import himmelblau.api.status.Trouble;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The commands of himmelblau in the shell: {@code himmelblau:plugins} and so on. */
@Component(
    service = GogoCommands.class,
    property = {
      "osgi.command.scope=himmelblau",
      "osgi.command.function=plugins",
      "osgi.command.function=components",
      "osgi.command.function=troubles"
    })
public final class GogoCommands {
  private final Plugins plugins;
  private volatile List<Trouble> all = List.of();

  @Activate
  public GogoCommands(
      BundleContext context,
      @Reference ServiceComponentRuntime runtime,
      @Reference PluginTimes times) {
    this.plugins = new Plugins(runtime, context, times);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeTrouble")
  synchronized void addTrouble(Trouble trouble) {
    all = Snapshots.with(all, trouble);
  }

  synchronized void removeTrouble(Trouble trouble) {
    all = Snapshots.without(all, trouble);
  }

  /** Shown as text. */
  @Descriptor("domains, MFA methods, key stores, breakglass and tasks, with state and reason")
  public String plugins() {
    return String.join("\n", plugins.lines(false));
  }

  /** Shown as text. */
  @Descriptor("all components, with state and reason")
  public String components() {
    return String.join("\n", plugins.lines(true));
  }

  /** Shown as text. */
  @Descriptor("what does not work, why, and what to do")
  public String troubles() {
    return String.join("\n", all.stream().flatMap(each -> each.troubles().stream()).toList());
  }
}
