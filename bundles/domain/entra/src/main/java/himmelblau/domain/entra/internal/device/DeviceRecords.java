package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainRecords;
import himmelblau.api.store.Vault;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The device registrations of all Entra ID domains, also of those that are not configured. */
@Component
public final class DeviceRecords implements DomainRecords {
  private final @Nullable Vault vault;

  /** Without open keys there is nothing that could be deleted. */
  @Activate
  public DeviceRecords(
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable Vault vault) {
    this.vault = vault;
  }

  @Override
  public List<String> deleteAll() {
    Vault open = vault;
    if (open == null) {
      return List.of();
    }
    List<String> names = open.names(Devices.PREFIX);
    names.forEach(open::delete);
    return names;
  }
}
