package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys in a TPM 2.0. */
@Component(
    service = KeyStore.class,
    property = KeyStore.TYPE + "=" + TpmKeyStore.TPM,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TpmKeyStore.Config.class)
public final class TpmKeyStore implements KeyStore {
  static final String TPM = "tpm";
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final @Nullable Bundle framework;
  private volatile TpmDevice device;

  /** Options that this component reads; defaults are in OSGI-INF/himmelblau.options. */
  @ObjectClassDefinition(name = "TPM key store")
  public @interface Config {
    @AttributeDefinition(
        description = "Connection to the TPM: any TCTI string that tctildr accepts")
    String tpm_tcti_name();
  }

  @Activate
  public TpmKeyStore(BundleContext context, Config config) {
    this(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION), config.tpm_tcti_name());
  }

  private TpmKeyStore(@Nullable Bundle framework, String tctiName) {
    this.framework = framework;
    device = new TpmDevice(tctiName);
  }

  TpmKeyStore(String tctiName) {
    this(null, tctiName);
  }

  /** The store behind a TCTI, without configuration: for tests and measurements. */
  public static TpmKeyStore at(String tctiName) {
    return new TpmKeyStore(tctiName);
  }

  @Modified
  void modified(Config config) {
    if (!config.tpm_tcti_name().equals(device.tctiName())) {
      device = new TpmDevice(config.tpm_tcti_name());
    }
  }

  /**
   * When the process ends. Machines of a store that is only replaced go on until they are closed.
   */
  @Deactivate
  void deactivate() {
    if (framework != null && framework.getState() == Bundle.STOPPING) {
      device.close(STOP_PATIENCE);
    }
  }

  @Override
  public String type() {
    return TPM;
  }

  @Override
  public KeyStoreInfo info() {
    TpmDevice asked = device;
    if (!asked.plausible()) {
      return new KeyStoreInfo(false, "No TPM detected", List.of("There is no " + asked.tctiName()));
    }
    try {
      return facts(asked, asked.make(scope -> Capabilities.ask(scope.connection())));
    } catch (KeyStoreUnavailable e) {
      return new KeyStoreInfo(
          false,
          "TPM configured but NOT reachable",
          List.of(
              String.valueOf(e.getMessage()),
              "tpm_tcti_name = " + asked.tctiName(),
              "Check that it is enabled in the firmware and that the user of the service may use "
                  + "it (group tss)"));
    }
  }

  private static KeyStoreInfo facts(TpmDevice asked, Capabilities capabilities) {
    List<String> details = new ArrayList<>();
    details.add(
        "Manufacturer: %s, model: %s, firmware: %s"
            .formatted(capabilities.manufacturer(), capabilities.model(), capabilities.firmware()));
    details.add("Connected through: " + asked.tctiName());
    details.add(capabilities.lockout().line());
    if (capabilities.ownerPasswordSet()) {
      details.add(OWNER_PASSWORD);
      return new KeyStoreInfo(false, "The TPM's owner hierarchy has a password", details);
    }
    return new KeyStoreInfo(true, "TPM 2.0 present and working", details);
  }

  static final String OWNER_PASSWORD =
      "The TPM's owner hierarchy has a password, so no key can be made below it. Remove it with `tpm2_changeauth -c owner -p OLD-PASSWORD`";

  @Override
  public MachineKey create(Secret auth) throws KeyStoreUnavailable {
    return TpmMachine.create(device, auth);
  }

  @Override
  public MachineKey open(Secret auth, byte[] blob)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    return TpmMachine.open(device, auth, blob);
  }
}
