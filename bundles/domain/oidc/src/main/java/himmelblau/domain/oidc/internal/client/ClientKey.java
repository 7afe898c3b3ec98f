package himmelblau.domain.oidc.internal.client;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.store.Vault;
import java.util.Optional;

/**
 * The key with which this host authenticates as a client of one domain's issuer. It is made in the
 * key store and never leaves it; each domain has one of its own, so no issuer gets anything that is
 * good for another. Thread-safe.
 */
public final class ClientKey {
  private final String domain;
  private final Vault vault;
  private final Machine machine;

  public ClientKey(String domain, Vault vault, Machine machine) {
    this.domain = domain;
    this.vault = vault;
    this.machine = machine;
  }

  private String name() {
    return "oidc/" + domain + "/client/key";
  }

  /** Whether there is one; opens nothing. */
  public boolean present() {
    return vault.readKey(name()).isPresent();
  }

  /** Makes one, which replaces another. */
  public void make() throws KeyStoreUnavailable {
    // RS256 is what every issuer takes (OpenID Connect Core 1.0 section 15.1).
    vault.writeKey(name(), machine.create(KeySpec.RSA_2048, null));
  }

  /**
   * Opens it; the caller closes it.
   *
   * @return empty if there is none
   * @throws KeyStoreUnavailable if the key store cannot work now, or the key is another machine's
   */
  public Optional<Key> open() throws KeyStoreUnavailable {
    Optional<WrappedKey> kept = vault.readKey(name());
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(machine.load(kept.get(), null));
    } catch (KeyRefused | WrongPin e) {
      throw new KeyStoreUnavailable(
          "The client key of "
              + domain
              + " cannot be used on this machine: make another one with "
              + command()
              + " --new",
          e);
    }
  }

  /** The command that shows the public half, and makes the key if there is none. */
  public String command() {
    return "aad-tool oidc key --domain " + domain;
  }
}
