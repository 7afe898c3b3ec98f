package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.device.Devices;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class DeviceStepTest {
  @TempDir Path folder;
  private EntraFixture lab;
  private EntraDomain domain;
  private DeviceStep step;

  @BeforeEach
  void start() throws Exception {
    lab = new EntraFixture(folder);
    domain = lab.domain();
    step = new DeviceStep(domain);
  }

  @AfterEach
  void stop() throws Exception {
    lab.close();
  }

  private Optional<Finding> found(Optional<DomainProvider> serving) {
    return step.explain(
        new ExplainRequest("user02", Optional.of(EntraFixture.USER), "sshd", false, serving, true));
  }

  @Test
  void theRegistrationIsShown() throws Exception {
    Finding before = found(Optional.of(domain)).orElseThrow();
    assertEquals(Outcome.NOTE, before.outcome());
    assertTrue(before.text().startsWith("this host is not registered"), before.text());

    lab.signIn(domain).close();
    Device device = domain.device().orElseThrow();
    Finding joined = found(Optional.of(domain)).orElseThrow();
    assertEquals(Outcome.OK, joined.outcome());
    assertTrue(
        joined.text().startsWith("registered as " + device.record().deviceId() + " since "),
        joined.text());

    new Devices(EntraFixture.DOMAIN, lab.vault, lab.machine).disabled(device);
    Finding disabled = found(Optional.of(domain)).orElseThrow();
    assertEquals(Outcome.NO, disabled.outcome());
    assertTrue(disabled.text().contains("disabled in the directory"), disabled.text());
  }

  @Test
  void anotherDomainIsNoneOfItsBusiness() {
    assertEquals(Optional.empty(), found(Optional.of(lab.domain())));
    assertEquals(Optional.empty(), found(Optional.empty()));
  }
}
