package himmelblau.domain.entra.internal.command;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.store.Vault;
import himmelblau.domain.entra.internal.client.StoredCredentials;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The stored credentials, if the keys of this host are open. */
@Component(service = OpenCredentials.class)
public final class OpenCredentials {
  static final String CLOSED =
      "The keys of this host are not open, so nothing was read or stored. \"aad-tool status\" says"
          + " why.";

  private final @Nullable StoredCredentials credentials;

  @Activate
  public OpenCredentials(
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable Machine machine,
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable Vault vault) {
    credentials = machine == null || vault == null ? null : new StoredCredentials(machine, vault);
  }

  StoredCredentials get() throws KeyStoreUnavailable {
    if (credentials == null) {
      throw new KeyStoreUnavailable(CLOSED);
    }
    return credentials;
  }
}
