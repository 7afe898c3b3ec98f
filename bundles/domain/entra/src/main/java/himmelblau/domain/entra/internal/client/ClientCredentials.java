package himmelblau.domain.entra.internal.client;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.domain.entra.internal.wire.Json;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The credentials that {@code aad-tool cred} stores for a domain: in the vault {@code
 * <domain>/confidential/certificate} (DER; its CN is the client id), {@code …/key} and {@code
 * …/secret} (JSON). Thread-safe.
 */
public final class ClientCredentials {
  private static final Pattern NAME = Pattern.compile("(?i)(?:^|,)CN=([^,+\\\\]{1,256})(?:,|$)");

  private final String domain;
  private final Vault vault;
  private final Machine machine;

  public ClientCredentials(String domain, Vault vault, Machine machine) {
    this.domain = domain;
    this.vault = vault;
    this.machine = machine;
  }

  String domain() {
    return domain;
  }

  private String name(String what) {
    return StoredCredentials.name(domain, what);
  }

  /** Runs {@code changed} when a command has changed one. */
  Vault.Watch watch(Runnable changed) {
    return vault.watch(name(""), changed);
  }

  /** Whether there is any; opens nothing. */
  boolean present() {
    List<String> names = vault.names(name(""));
    return names.contains(name("certificate")) || names.contains(name("secret"));
  }

  /**
   * All there are, the certificate first; the caller closes them.
   *
   * @throws KeyStoreUnavailable if the key store cannot work now, or what was kept cannot be used
   */
  List<Credential> read() throws KeyStoreUnavailable {
    List<Credential> found = new ArrayList<>();
    boolean done = false;
    try {
      certificate().ifPresent(found::add);
      secret().ifPresent(found::add);
      done = true;
      return found;
    } finally {
      if (!done) {
        found.forEach(Credential::close);
      }
    }
  }

  private Optional<Credential> certificate() throws KeyStoreUnavailable {
    Optional<Secret> kept = vault.read(name("certificate"));
    Optional<WrappedKey> wrapped = vault.readKey(name("key"));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try (Secret der = kept.get()) {
      X509Certificate certificate = parsed(der);
      Matcher subject = NAME.matcher(certificate.getSubjectX500Principal().getName());
      if (wrapped.isEmpty() || !subject.find()) {
        throw unusable("certificate");
      }
      Key key = machine.load(wrapped.get(), null);
      if (!Arrays.equals(key.publicKey().getEncoded(), certificate.getPublicKey().getEncoded())) {
        key.close(); // both are being replaced
        throw unusable("certificate");
      }
      return Optional.of(new CertificateCredential(subject.group(1), certificate, key));
    } catch (CertificateException | KeyRefused | WrongPin e) {
      throw unusable("certificate", e);
    }
  }

  private static X509Certificate parsed(Secret der) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return der.use(
        bytes -> (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
  }

  private Optional<Credential> secret() throws KeyStoreUnavailable {
    Optional<Secret> kept = vault.read(name("secret"));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try (Secret json = kept.get()) {
      Json read = json.use(bytes -> Json.parse(bytes, "The stored secret"));
      return Optional.of(
          new SecretCredential(read.require("client_id"), Secret.ofText(read.require("secret"))));
    } catch (DomainUnavailable e) {
      throw unusable("secret", e);
    }
  }

  private KeyStoreUnavailable unusable(String what) {
    return new KeyStoreUnavailable(text(what));
  }

  private KeyStoreUnavailable unusable(String what, Exception cause) {
    return new KeyStoreUnavailable(text(what), cause);
  }

  private String text(String what) {
    return "The "
        + what
        + " stored for "
        + domain
        + " cannot be used on this machine: create a new one with aad-tool cred "
        + (what.equals("secret") ? "secret" : "cert");
  }
}
