package himmelblau.machine.internal;

import com.google.gson.JsonObject;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * The credentials of a domain's confidential client, in the vault: {@code
 * <domain>/confidential/secret} (JSON {@code client_id}, {@code secret}), {@code
 * <domain>/confidential/key} (RSA 2048) and {@code <domain>/confidential/certificate} (DER; its CN
 * is the client id).
 */
final class CredentialVault {
  private final Machine machine;
  private final SqlVault vault;

  CredentialVault(Machine machine, SqlVault vault) {
    this.machine = machine;
    this.vault = vault;
  }

  private static String name(String domain, String what) {
    return domain + "/confidential/" + what;
  }

  /** Keeps a secret (borrowed), replacing an earlier one. */
  void keepSecret(String domain, String clientId, Secret secret) throws KeyStoreUnavailable {
    JsonObject json = new JsonObject();
    json.addProperty("client_id", clientId);
    json.addProperty("secret", secret.revealText());
    try (Secret sealed = Secret.taking(json.toString().getBytes(StandardCharsets.UTF_8))) {
      vault.write(name(domain, "secret"), sealed);
    }
  }

  /** Makes a key in the key store and its certificate, replacing earlier ones in one step. */
  X509Certificate makeCertificate(String domain, String clientId, int days)
      throws KeyStoreUnavailable {
    WrappedKey wrapped = machine.create(KeySpec.RSA_2048, null);
    try (Key key = machine.load(wrapped, null)) {
      X509Certificate certificate = SelfSigned.certificate(key, clientId, days);
      String certificateName = name(domain, "certificate");
      byte[] sealed;
      try (Secret der = Secret.taking(certificate.getEncoded())) {
        sealed = machine.seal(der, SqlVault.label(certificateName));
      }
      vault.put(
          new SqlVault.Entry(name(domain, "key"), wrapped.blob(), Optional.of(wrapped)),
          new SqlVault.Entry(certificateName, sealed, Optional.empty()));
      return certificate;
    } catch (WrongPin | KeyRefused | CertificateEncodingException e) {
      throw new KeyStoreUnavailable("The new key cannot be used: " + e.getMessage(), e);
    }
  }

  boolean hasSecret(String domain) {
    return vault.names(name(domain, "secret")).contains(name(domain, "secret"));
  }

  boolean hasCertificate(String domain) {
    return vault.names(name(domain, "")).contains(name(domain, "certificate"));
  }

  /** Idempotent. */
  void deleteSecret(String domain) {
    vault.delete(name(domain, "secret"));
  }

  /** Idempotent. */
  void deleteCertificate(String domain) {
    vault.delete(name(domain, "certificate"));
    vault.delete(name(domain, "key"));
  }
}
