package himmelblau.domain.entra.internal.client;

import com.google.gson.JsonObject;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Map;

/**
 * Stores what {@link ClientCredentials} reads: {@code <domain>/confidential/secret} (JSON {@code
 * client_id}, {@code secret}), {@code <domain>/confidential/key} (RSA 2048) and {@code
 * <domain>/confidential/certificate} (DER; its CN is the client id). Thread-safe.
 */
public final class StoredCredentials {
  private final Machine machine;
  private final Vault vault;

  public StoredCredentials(Machine machine, Vault vault) {
    this.machine = machine;
    this.vault = vault;
  }

  static String name(String domain, String what) {
    return domain + "/confidential/" + what;
  }

  /** Stores a secret (borrowed), replacing an earlier one. */
  public void storeSecret(String domain, String clientId, Secret secret)
      throws KeyStoreUnavailable {
    JsonObject json = new JsonObject();
    json.addProperty("client_id", clientId);
    json.addProperty("secret", secret.revealText());
    try (Secret sealed = Secret.taking(json.toString().getBytes(StandardCharsets.UTF_8))) {
      vault.write(name(domain, "secret"), sealed);
    }
  }

  /** Makes a key in the key store and its certificate, replacing earlier ones in one step. */
  public X509Certificate makeCertificate(String domain, String clientId, int days)
      throws KeyStoreUnavailable {
    WrappedKey wrapped = machine.create(KeySpec.RSA_2048, null);
    try (Key key = machine.load(wrapped, null)) {
      X509Certificate certificate = SelfSigned.certificate(key, clientId, days);
      try (Secret der = Secret.taking(certificate.getEncoded())) {
        vault.writeAll(
            Map.of(name(domain, "certificate"), der), Map.of(name(domain, "key"), wrapped));
      }
      return certificate;
    } catch (WrongPin | KeyRefused | CertificateEncodingException e) {
      throw new KeyStoreUnavailable("The new key cannot be used: " + e.getMessage(), e);
    }
  }

  public boolean hasSecret(String domain) {
    return vault.names(name(domain, "secret")).contains(name(domain, "secret"));
  }

  public boolean hasCertificate(String domain) {
    return vault.names(name(domain, "")).contains(name(domain, "certificate"));
  }

  /** Idempotent. */
  public void deleteSecret(String domain) {
    vault.delete(name(domain, "secret"));
  }

  /** Idempotent. */
  public void deleteCertificate(String domain) {
    vault.delete(name(domain, "certificate"));
    vault.delete(name(domain, "key"));
  }
}
