package himmelblau.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminCommands;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

class AadScopeTest {
  private final Set<String> registered = new TreeSet<>();
  private final BundleContext context =
      proxy(
          BundleContext.class,
          (method, arguments) ->
              switch (method) {
                case "registerService" -> registration((Dictionary<?, ?>) arguments[2]);
                default -> null;
              });
  private final AadScope scope = new AadScope(context, proxy(AdminCommands.class, (m, a) -> null));

  private ServiceRegistration<?> registration(Dictionary<?, ?> properties) {
    String name =
        properties.get("osgi.command.scope") + ":" + properties.get("osgi.command.function");
    registered.add(name);
    return proxy(
        ServiceRegistration.class,
        (method, arguments) -> method.equals("unregister") ? registered.remove(name) : null);
  }

  @SuppressWarnings("unchecked")
  private static ServiceReference<AdminCommand> command(String words) {
    Dictionary<String, ?> properties =
        FrameworkUtil.asDictionary(Map.of(AdminCommand.COMMAND, words));
    return proxy(
        ServiceReference.class,
        (method, arguments) ->
            switch (method) {
              case "getProperty" -> properties.get(String.valueOf(arguments[0]));
              case "hashCode" -> words.hashCode();
              default -> null;
            });
  }

  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getName().equals("equals")
                    ? (Object) (self == arguments[0])
                    : answer.to(method.getName(), arguments)));
  }

  @Test
  void aCommandIsThereAsLongAsItsBundle() {
    ServiceReference<AdminCommand> check = command("idmap check");
    ServiceReference<AdminCommand> clear = command("idmap clear");
    ServiceReference<AdminCommand> status = command("status");
    scope.bindCommand(check);
    scope.bindCommand(clear);
    scope.bindCommand(status);
    assertEquals(Set.of("aad:idmap", "aad:status"), registered);
    scope.unbindCommand(check);
    scope.unbindCommand(status);
    assertEquals(Set.of("aad:idmap"), registered);
    scope.unbindCommand(clear);
    assertEquals(Set.of(), registered);
  }

  @Test
  void aSessionHasNoSessionInIt() {
    scope.bindCommand(command("shell"));
    assertEquals(Set.of(), registered);
    scope.unbindCommand(command("shell"));
  }

  @Test
  void nothingIsLeftBehind() {
    scope.bindCommand(command("status"));
    scope.close();
    assertEquals(Set.of(), registered);
    scope.bindCommand(command("tpm"));
    assertEquals(Set.of(), registered, "bound while it stops");
  }
}
