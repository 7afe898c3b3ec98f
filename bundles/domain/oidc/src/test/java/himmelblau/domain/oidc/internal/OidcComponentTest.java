package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.Machine;
import himmelblau.api.http.Http;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Vault;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** Which domains the provider takes, and what a host without one loads. */
class OidcComponentTest {
  private final List<Object> registered = new ArrayList<>();
  private final List<Object> types = new ArrayList<>();
  private final MemoryMachine machine = new MemoryMachine();
  private final MemoryVault vault = new MemoryVault();

  private final BundleContext context =
      (BundleContext)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {BundleContext.class},
              (proxy, method, arguments) -> {
                types.add(arguments[0]);
                registered.add(arguments[1]);
                return null;
              });

  private static final Http UNUSED =
      call -> {
        throw new IOException("not expected");
      };

  /** As Configuration Admin has them. */
  private static Object config(Class<?> type, Map<String, String> set) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (set.containsKey(method.getName())) {
            return set.get(method.getName());
          }
          if (method.getDefaultValue() != null) {
            return method.getDefaultValue();
          }
          return method.getReturnType() == boolean.class ? false : "";
        });
  }

  private void component(Map<String, String> set) {
    Map<String, String> all = new HashMap<>(set);
    all.put("domain", "corp.example");
    new OidcComponent(
        context,
        (OidcComponent.Config) config(OidcComponent.Config.class, all),
        UNUSED,
        machine,
        vault);
  }

  @Test
  void aDomainWithAnIssuerIsServed() {
    component(Map.of("oidc_issuer_url", Issuer.URL, "app_id", "host"));
    assertEquals(List.of(DomainProvider.class), types);
    assertEquals("corp.example", ((DomainProvider) registered.get(0)).domain());
  }

  @Test
  void aKeyThatNobodyHasMadeIsMissed() throws Exception {
    component(
        Map.of(
            "oidc_issuer_url",
            Issuer.URL,
            "app_id",
            "host",
            "oidc_client_auth",
            "private_key_jwt"));
    assertEquals(List.of(Trouble.class, DomainProvider.class), types);
    Trouble trouble = (Trouble) registered.get(0);
    assertTrue(
        trouble.troubles().get(0).contains("aad-tool oidc key --domain corp.example"),
        trouble.troubles()::toString);
    new ClientKey("corp.example", vault, machine).make();
    assertEquals(List.of(), trouble.troubles());
  }

  @Test
  void otherDomainsAreLeftToTheirProviders() {
    component(Map.of("app_id", "host"));
    component(Map.of("app_id", "host", "domain_kind", "roster", "oidc_issuer_url", Issuer.URL));
    assertEquals(List.of(), types);
  }

  @Test
  void whatIsMissingIsSaid() {
    component(Map.of("domain_kind", "oidc", "app_id", "host"));
    component(Map.of("oidc_issuer_url", Issuer.URL));
    assertEquals(List.of(Trouble.class, Trouble.class), types);
    for (int i = 0; i < 2; i++) {
      String option = List.of("oidc_issuer_url", "app_id").get(i);
      assertTrue(((Trouble) registered.get(i)).troubles().get(0).contains(option + " is not set"));
    }
  }

  /** Takes the place of the bundle's class loader, and has no Nimbus library. */
  private static final class WithoutNimbus extends ClassLoader {
    WithoutNimbus() {
      super(OidcComponentTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("com.nimbusds.") || name.startsWith("net.minidev.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("himmelblau.domain.oidc.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = code.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private void componentWithoutNimbus(Map<String, String> set) throws Exception {
    ClassLoader loader = new WithoutNimbus();
    Class<?> type = loader.loadClass(OidcComponent.class.getName());
    Class<?> options = loader.loadClass(OidcComponent.Config.class.getName());
    type.getConstructor(BundleContext.class, options, Http.class, Machine.class, Vault.class)
        .newInstance(context, config(options, set), UNUSED, machine, vault);
  }

  @Test
  void aHostWithoutSuchADomainLoadsNothingOfTheLibraries() throws Exception {
    componentWithoutNimbus(Map.of("domain", "corp.example", "app_id", "host"));
    assertEquals(List.of(), types);
    InvocationTargetException needed =
        assertThrows(
            InvocationTargetException.class,
            () ->
                componentWithoutNimbus(
                    Map.of(
                        "domain", "corp.example",
                        "app_id", "host",
                        "oidc_issuer_url", Issuer.URL)));
    assertTrue(needed.getCause() instanceof LinkageError, String.valueOf(needed.getCause()));
  }
}
