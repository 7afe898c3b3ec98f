package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.hsm.Machine;
import himmelblau.api.http.Http;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.secret.Secret;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Vault;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.domain.oidc.internal.client.ClientSecret;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
                return null; // no framework
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
    component(set, UNUSED);
  }

  private OidcComponent component(Map<String, String> set, Http http) {
    Map<String, String> all = new HashMap<>(set);
    all.put("domain", "corp.example");
    return new OidcComponent(
        context,
        (OidcComponent.Config) config(OidcComponent.Config.class, all),
        http,
        machine,
        vault);
  }

  /** As Configuration Admin changes oidc_client_auth on a running host. */
  @Test
  void eachWayToProveTheClientIsUsedFromItsConfigurationOn() throws Exception {
    Issuer issuer = new Issuer(Clock.systemUTC());
    OidcSettings settings = OidcFixture.settings(List.of(), false, Set.of());
    try (Secret secret = Secret.ofText("the-secret")) {
      new ClientSecret("corp.example", settings.clientAtIssuer(), vault).store(secret);
    }
    new ClientKey("corp.example", vault, machine).make();
    Map<String, Predicate<Issuer.Request>> ways = new LinkedHashMap<>();
    ways.put("none", each -> !each.body().contains("client_assertion=") && !secretIn(each));
    ways.put("client_secret_basic", each -> each.authorization().startsWith("Basic "));
    ways.put("client_secret_post", each -> each.body().contains("client_secret=the-secret"));
    ways.put(
        "private_key_jwt", each -> each.body().contains("client_assertion=") && !secretIn(each));
    for (var way : ways.entrySet()) {
      registered.clear();
      OidcComponent component =
          component(
              Map.of(
                  "oidc_issuer_url", Issuer.URL,
                  "app_id", Issuer.CLIENT,
                  "oidc_client_auth", way.getKey()),
              issuer);
      DomainProvider provider = (DomainProvider) registered.get(2);
      try (SignIn signIn = provider.begin(OidcFixture.named("ada"), OidcFixture.POLICY)) {
        Challenge challenge = signIn.challenge(((Step.NeedFactor) signIn.step()).offers().get(0));
        try {
          challenge.begin();
        } catch (SignInRefused e) {
          assertTrue(way.getKey().contains("_"), "this issuer has a public client");
        }
      }
      Issuer.Request last = issuer.requests.getLast();
      assertEquals("/device", last.path());
      assertEquals(
          List.of(way.getKey()),
          ways.keySet().stream().filter(name -> ways.get(name).test(last)).toList());
      component.stop();
    }
  }

  private static boolean secretIn(Issuer.Request request) {
    return !request.authorization().isEmpty()
        || request.body().contains("secret=")
        || request.body().contains("the-secret");
  }

  /** The secret of one issuer is not that of the next. */
  @Test
  void afterAChangeOfTheIssuerASecretIsMissed() throws Exception {
    OidcSettings settings = OidcFixture.settings(List.of(), false, Set.of());
    try (Secret secret = Secret.ofText("the-secret")) {
      new ClientSecret("corp.example", settings.clientAtIssuer(), vault).store(secret);
    }
    for (String url : List.of(Issuer.URL, "https://evil.example")) {
      registered.clear();
      component(
          Map.of(
              "oidc_issuer_url",
              url,
              "app_id",
              Issuer.CLIENT,
              "oidc_client_auth",
              "client_secret_basic"));
      assertEquals(url.equals(Issuer.URL) ? 0 : 1, ((Trouble) registered.get(1)).troubles().size());
    }
  }

  @Test
  void aDomainWithAnIssuerIsServed() {
    component(Map.of("oidc_issuer_url", Issuer.URL, "app_id", "host"));
    assertEquals(List.of(ClientSecret.class, Trouble.class, DomainProvider.class), types);
    assertEquals("corp.example", ((DomainProvider) registered.get(2)).domain());
    assertEquals(List.of(), ((Trouble) registered.get(1)).troubles());
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
    Trouble trouble = (Trouble) registered.get(1);
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
