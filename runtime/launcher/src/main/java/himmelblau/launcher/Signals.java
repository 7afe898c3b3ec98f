package himmelblau.launcher;

import java.lang.reflect.Proxy;

/**
 * Unix signals. The JDK class for them (module jdk.unsupported) has no supported successor; it is
 * used by reflection, because the compiler warns about every reference, and warnings are errors
 * here.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs {@code action} on each {@code name} ({@code TERM}, {@code HUP} …) instead of the default.
   */
  static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This Java runtime does not handle signals", e);
    }
  }
}
