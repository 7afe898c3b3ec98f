package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyOwner;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.plugin.PluginRank;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Connects the machine key with the configuration and with the key stores, which may be replaced.
 */
@Component(
    service = Trouble.class,
    immediate = true,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MachineComponent.Config.class)
public final class MachineComponent implements Trouble {
  private final BundleContext context;
  private final KeyStores stores = new KeyStores();
  private final MachineTable table;
  private final MachineService service;

  /** Options that this component reads. */
  @ObjectClassDefinition(name = "Machine key")
  public @interface Config {
    @AttributeDefinition(
        description =
            "tpm_bound_soft_if_possible, tpm, tpm_if_possible, pkcs11; soft is an old name")
    String hsm_type() default "tpm_bound_soft_if_possible";

    @AttributeDefinition(description = "File that opens the machine key")
    String hsm_pin_path() default "/var/lib/himmelblaud/hsm-pin";

    @AttributeDefinition(
        description = "Seconds that calls wait for a key store that is being replaced")
    int connection_timeout() default 30;
  }

  @Activate
  public MachineComponent(BundleContext context, Config config, @Reference Store store) {
    this.context = context;
    this.table = MachineTable.in(store);
    PublishedServices published = new PublishedServices(context);
    this.service = new MachineService(stores, table, settings(config), published);
    published.commands(service);
    service.start(ProcessHardening::apply);
  }

  @Modified
  void modified(Config config) {
    service.configure(settings(config));
  }

  @Deactivate
  void deactivate() {
    service.stop();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addKeyStore(KeyStore store, Map<String, Object> properties) {
    if (stores.add(store.type(), store, PluginRank.of(properties))) {
      service.storeAdded(store.type());
    }
  }

  void removeKeyStore(KeyStore store) {
    if (stores.remove(store)) {
      if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING) {
        service.end(); // it is not being replaced: whoever waited for it would hold up the stop
        return;
      }
      service.storeRemoved(store.type());
      if (stores.find(store.type()).isPresent()) {
        service.storeAdded(store.type());
      }
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addKeyOwner(KeyOwner owner) {
    service.ownerAdded(owner);
  }

  void removeKeyOwner(KeyOwner owner) {
    service.ownerRemoved(owner);
  }

  @Override
  public List<String> troubles() {
    List<String> known = service.troubles();
    return known.isEmpty() ? KeyDeviceMonitor.unavailable(stores, table.rows()) : known;
  }

  private static MachineService.Settings settings(Config config) {
    String path =
        Optional.ofNullable(System.getenv("HIMMELBLAU_HSM_PIN_PATH"))
            .filter(text -> !text.isBlank())
            .orElse(config.hsm_pin_path());
    return new MachineService.Settings(
        HsmType.parse(config.hsm_type()),
        new PinFile(Path.of(path), PinDirectories.ALLOWED),
        Duration.ofSeconds(Math.max(1, config.connection_timeout())));
  }
}
