package himmelblau.domain.oidc.internal.client;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import java.util.Optional;
import java.util.UUID;

/**
 * The secret of one client at one issuer, sealed by the vault. The secret that was stored for
 * another issuer or client of the same domain is none: it is sent to no other. Thread-safe.
 */
public final class ClientSecret {
  private final String domain;
  private final UUID client;
  private final Vault vault;

  /**
   * @param client id of issuer and client together
   */
  public ClientSecret(String domain, UUID client, Vault vault) {
    this.domain = domain;
    this.client = client;
    this.vault = vault;
  }

  private static String place(String domain) {
    return "oidc/" + domain + "/client/secret/";
  }

  private String name() {
    return place(domain) + client;
  }

  /** Whether there is one; opens nothing. */
  public boolean present() {
    return vault.names(name()).contains(name());
  }

  /** Stores it (borrowed); it replaces any other of the domain. */
  public void store(Secret secret) throws KeyStoreUnavailable {
    vault.write(name(), secret);
    vault.names(place(domain)).stream()
        .filter(other -> !other.equals(name()))
        .forEach(vault::delete);
  }

  /** Reads it; the caller closes it. Empty if there is none. */
  Optional<Secret> read() throws KeyStoreUnavailable {
    return vault.read(name());
  }

  /** Deletes what is stored for a domain, whichever issuer and client it is for. Idempotent. */
  public static void delete(String domain, Vault vault) {
    vault.deleteAll(place(domain));
  }

  /** The command that stores it. */
  public String command() {
    return "aad-tool oidc secret --domain " + domain;
  }
}
