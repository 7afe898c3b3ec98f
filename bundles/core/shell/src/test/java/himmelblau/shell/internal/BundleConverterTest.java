package himmelblau.shell.internal;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

class BundleConverterTest {
  private final Bundle push = bundle("himmelblau.mfa.push");
  private final BundleContext context =
      proxy(
          BundleContext.class,
          (method, arguments) ->
              switch (method) {
                case "getBundles" -> new Bundle[] {bundle("other"), push};
                case "getBundle" -> arguments[0].equals(7L) ? push : null;
                default -> null;
              });
  private final BundleConverter converter = new BundleConverter(context);

  @Test
  void findsABundleByNameOrNumber() {
    assertSame(push, converter.convert(Bundle.class, "himmelblau.mfa.push"));
    assertSame(push, converter.convert(Bundle.class, new StringBuilder("7")));
  }

  @Test
  void leavesTheRestAlone() {
    assertNull(converter.convert(Bundle.class, "himmelblau.mfa"));
    assertNull(converter.convert(Bundle.class, "8"));
    assertNull(converter.convert(String.class, "himmelblau.mfa.push"));
  }

  private static Bundle bundle(String name) {
    return proxy(
        Bundle.class, (method, arguments) -> method.equals("getSymbolicName") ? name : null);
  }

  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }
}
