package himmelblau.metrics.internal.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.metrics.Metric;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

@Timeout(60)
class OtlpComponentTest {
  private final ScriptedHttp http = new ScriptedHttp();

  private static OtlpComponent.Config config(String endpoint) {
    return new OtlpComponent.Config() {
      @Override
      public Class<? extends Annotation> annotationType() {
        return OtlpComponent.Config.class;
      }

      @Override
      public String otlp_endpoint() {
        return endpoint;
      }

      @Override
      public long otlp_interval() {
        return 1;
      }
    };
  }

  private static <T> T proxy(Class<T> type, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer));
  }

  private OtlpComponent component(String endpoint) {
    Bundle bundle = proxy(Bundle.class, new Version("0.1.0"));
    return new OtlpComponent(config(endpoint), http, proxy(BundleContext.class, bundle));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  private boolean sentTo(String host) {
    return http.calls.stream().anyMatch(call -> host.equals(call.uri().getHost()));
  }

  @Test
  void whatAllSourcesSayIsSent() throws Exception {
    OtlpComponent component = component("https://one.example:4318");
    component.addSource(
        () -> List.of(Metric.gauge("nightshift_asked", "", "Asked", 2)), Map.of("service.id", 1L));
    await(() -> http.calls.stream().anyMatch(this::asked));
    component.end();
    assertEquals(List.of(), component.findings());
  }

  private boolean asked(himmelblau.api.http.HttpCall call) {
    return new String(call.body(), StandardCharsets.UTF_8).contains("nightshift_asked");
  }

  @Test
  void anotherAddressTakesEffectAtOnce() throws Exception {
    OtlpComponent component = component("https://one.example:4318");
    await(() -> sentTo("one.example"));
    component.modified(config("https://two.example:4318"));
    await(() -> sentTo("two.example"));
    http.calls.clear();
    await(() -> sentTo("two.example"));
    assertEquals(false, sentTo("one.example"));
    component.modified(config(""));
    http.calls.clear();
    Thread.sleep(1200);
    assertEquals(List.of(), http.calls);
    component.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://collector.example:4318",
        "collector.example:4318",
        "https://",
        "https://user@collector.example",
        "https://collector.example/?key=1",
        "https://collector.example/#x",
        "https://coll ector"
      })
  void anAddressThatCannotBeUsedIsReportedAndNothingIsSent(String endpoint) throws Exception {
    OtlpComponent component = component(endpoint);
    assertEquals(1, component.findings().size());
    assertEquals("otlp_endpoint", component.findings().getFirst().option());
    assertTrue(component.findings().getFirst().text().contains("nothing is sent"));
    Thread.sleep(20);
    assertEquals(List.of(), http.calls);
    component.modified(config(""));
    assertEquals(List.of(), component.findings());
    component.end();
  }
}
