package himmelblau.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.mfa.MfaMethod;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class PluginScopeTest {
  private final List<ComponentDescriptionDTO> components = new ArrayList<>();
  private final Set<String> disabled = new HashSet<>();
  private final BundleContext context =
      proxy(
          BundleContext.class,
          (method, arguments) -> method.equals("getBundles") ? new Bundle[0] : null);
  private final ServiceComponentRuntime runtime =
      proxy(
          ServiceComponentRuntime.class,
          (method, arguments) ->
              switch (method) {
                case "getComponentDescriptionDTOs" -> List.copyOf(components);
                case "getComponentConfigurationDTOs" -> configurations(description(arguments));
                case "isComponentEnabled" -> !disabled.contains(description(arguments).name);
                case "disableComponent" -> {
                  disabled.add(description(arguments).name);
                  yield null;
                }
                case "enableComponent" -> {
                  disabled.remove(description(arguments).name);
                  yield null;
                }
                default -> throw new UnsupportedOperationException(method);
              });

  private static ComponentDescriptionDTO description(Object[] arguments) {
    return (ComponentDescriptionDTO) arguments[0];
  }

  private List<ComponentConfigurationDTO> configurations(ComponentDescriptionDTO component) {
    if (disabled.contains(component.name)) {
      return List.of();
    }
    ComponentConfigurationDTO one = new ComponentConfigurationDTO();
    one.description = component;
    one.state = ComponentConfigurationDTO.ACTIVE;
    one.properties = component.properties;
    one.unsatisfiedReferences = new UnsatisfiedReferenceDTO[0];
    return List.of(one);
  }

  private PluginScope scope(String scope, String kind) {
    PluginTimes times = new PluginTimes(context);
    return new PluginScope(scope, kind, new Plugins(runtime, context, times), runtime, context);
  }

  private void component(String bundle, Class<?> type, Map<String, Object> properties) {
    ComponentDescriptionDTO component = new ComponentDescriptionDTO();
    component.bundle = new BundleDTO();
    component.bundle.id = components.size();
    component.bundle.symbolicName = bundle;
    component.bundle.version = "1.2.3";
    component.name = bundle + ".Component" + components.size();
    component.implementationClass = component.name;
    component.serviceInterfaces = new String[] {type.getName()};
    component.properties = properties;
    component.defaultEnabled = true;
    component.configurationPid = new String[0];
    components.add(component);
  }

  private void method(String name, String... ids) {
    component("himmelblau.mfa." + name, MfaMethod.class, Map.of(MfaMethod.METHOD, ids));
  }

  private interface Answer {
    @Nullable Object to(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }

  private static String refusal(PluginScope scope, String... words) {
    PluginRefused refused = assertThrows(PluginRefused.class, () -> scope.disable(words));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void aMethodIsDisabledAndEnabledByAnyOfItsNames() throws Exception {
    method("push", "Push", "Companion");
    method("otp", "Code");
    PluginScope mfa = scope("mfa", Consequence.MFA);
    for (String name : List.of("Push", "Companion", "himmelblau.mfa.push", "push")) {
      String said = mfa.disable(new String[] {name});
      assertTrue(said.contains("disabled"), said);
      assertTrue(said.contains("Users are not offered Push,Companion."), said);
      assertTrue(said.contains("after a restart"), said);
      assertEquals(Set.of("himmelblau.mfa.push.Component0"), disabled);
      assertTrue(mfa.list().contains("disabled; see the command enable"), mfa.list());
      assertTrue(mfa.enable(name).contains("active"));
      assertEquals(Set.of(), disabled);
    }
  }

  @Test
  void theLastOneNeedsASecondWord() throws Exception {
    method("push", "Push");
    method("otp", "Code");
    PluginScope mfa = scope("mfa", Consequence.MFA);
    mfa.disable(new String[] {"otp"});
    String why = refusal(mfa, "push");
    assertTrue(why.contains("nobody can sign in with a second factor"), why);
    assertTrue(why.contains("Nothing was changed"), why);
    assertTrue(why.endsWith("mfa:disable push --really"), why);
    assertEquals(Set.of("himmelblau.mfa.otp.Component1"), disabled);
    assertTrue(mfa.disable(new String[] {"push", "--really"}).contains("It is the last"));
    assertEquals(2, disabled.size());
  }

  @Test
  void keyStoresNeedASecondWordAlwaysForTheKeysMayBeThere() throws Exception {
    component("himmelblau.hsm.soft", KeyStore.class, Map.of(KeyStore.TYPE, "soft"));
    component("himmelblau.hsm.tpm", KeyStore.class, Map.of(KeyStore.TYPE, "tpm"));
    PluginScope hsm = scope("hsm", Consequence.KEY_STORE);
    assertTrue(refusal(hsm, "soft").contains("nobody can sign in until it is back"));
    assertEquals(Set.of(), disabled);
    hsm.disable(new String[] {"--really", "soft"});
    assertEquals(1, disabled.size());
  }

  @Test
  void onlyPluginsOfItsKindAreMeant() {
    method("push", "Push");
    component("himmelblau.hsm.push", KeyStore.class, Map.of(KeyStore.TYPE, "soft"));
    component("other.Command", Runnable.class, Map.of());
    PluginScope mfa = scope("mfa", Consequence.MFA);
    assertTrue(refusal(mfa, "soft").startsWith("There is no mfa method soft"));
    assertTrue(refusal(mfa, "other.Command").startsWith("There is no mfa method"));
    assertTrue(refusal(mfa).startsWith("Usage: mfa:disable NAME"));
    assertTrue(refusal(mfa, "push", "otp").startsWith("Usage: mfa:disable NAME"));
    method("push", "Other");
    assertTrue(refusal(mfa, "push").contains("the name of several"), "two bundles end so");
    assertEquals(Set.of(), disabled);
  }

  @Test
  void theTableHasVersionAndTime() {
    method("push", "Push");
    assertTrue(
        scope("mfa", Consequence.MFA)
            .list()
            .matches(
                "KIND +NAME +STATE +BUNDLE +VERSION +SINCE +WHY\n"
                    + "mfa method +Push +active +himmelblau.mfa.push +1.2.3"
                    + " +\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
  }
}
