package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
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

  private volatile TpmDevice device;

  /** Options that this component reads. */
  @ObjectClassDefinition(name = "TPM key store")
  public @interface Config {
    @AttributeDefinition(description = "How the TPM is reached: any TCTI string that tctildr knows")
    String tpm_tcti_name() default "device:/dev/tpmrm0";
  }

  @Activate
  public TpmKeyStore(Config config) {
    this(config.tpm_tcti_name());
  }

  TpmKeyStore(String tctiName) {
    device = new TpmDevice(tctiName);
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
              "Check that it is enabled in the firmware and that the service's user may use it (group tss)"));
    }
  }

  private static KeyStoreInfo facts(TpmDevice asked, Capabilities capabilities) {
    List<String> details = new ArrayList<>();
    details.add(
        "Manufacturer: %s, model: %s, firmware: %s"
            .formatted(capabilities.manufacturer(), capabilities.model(), capabilities.firmware()));
    details.add("Reached through: " + asked.tctiName());
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
  public Machine create(Secret auth) throws KeyStoreUnavailable {
    return TpmMachine.create(device, auth);
  }

  @Override
  public Machine open(Secret auth, byte[] blob) throws KeyStoreUnavailable, WrongPin, KeyRefused {
    return TpmMachine.open(device, auth, blob);
  }
}
