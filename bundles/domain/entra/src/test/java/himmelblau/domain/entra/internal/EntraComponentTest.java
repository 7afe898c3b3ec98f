package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.hsm.Machine;
import himmelblau.api.http.Http;
import himmelblau.api.store.Vault;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** Which domains the provider takes. */
class EntraComponentTest {
  /** A service that must not be used. */
  private static <T> T unused(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  private static EntraComponent component(String kind) {
    EntraComponent.Config config =
        (EntraComponent.Config)
            Proxy.newProxyInstance(
                EntraComponent.Config.class.getClassLoader(),
                new Class<?>[] {EntraComponent.Config.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "domain" -> "example.org";
                      case "domain_kind" -> kind;
                      default -> value(method);
                    });
    return new EntraComponent(
        unused(BundleContext.class),
        config,
        unused(Http.class),
        unused(Machine.class),
        unused(Vault.class));
  }

  /** As for an option that is not set. */
  private static Object value(Method method) {
    if (method.getDefaultValue() != null) {
      return method.getDefaultValue();
    }
    return method.getReturnType() == boolean.class ? false : "";
  }

  @Test
  void aDomainOfAnotherKindIsLeftToItsProvider() {
    component("roster").stop();
  }

  @Test
  void aDomainOfThisKindIsServed() {
    assertThrows(UnsupportedOperationException.class, () -> component("entra"));
  }
}
