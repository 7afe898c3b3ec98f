package himmelblau.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * The scopes of the shell for plug-ins: {@code mfa}, {@code hsm}, {@code domain}, {@code
 * breakglass}.
 */
@Component(service = PluginScopes.class, immediate = true)
public final class PluginScopes {
  private static final Map<String, String> KINDS =
      Map.of(
          "mfa", Consequence.MFA,
          "hsm", Consequence.KEY_STORE,
          "domain", Consequence.DOMAIN,
          "breakglass", "breakglass");

  private final List<ServiceRegistration<?>> registered = new ArrayList<>();

  @Activate
  public PluginScopes(
      BundleContext context,
      @Reference ServiceComponentRuntime runtime,
      @Reference PluginTimes times) {
    Plugins plugins = new Plugins(runtime, context, times);
    KINDS.forEach(
        (scope, kind) ->
            registered.add(
                context.registerService(
                    PluginScope.class,
                    new PluginScope(scope, kind, plugins, runtime, context),
                    FrameworkUtil.asDictionary(
                        Map.of(
                            "osgi.command.scope",
                            scope,
                            "osgi.command.function",
                            PluginScope.FUNCTIONS)))));
  }

  @Deactivate
  void close() {
    registered.forEach(ServiceRegistration::unregister);
  }
}
