package himmelblau.http.internal;

import himmelblau.api.log.Log;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The trusted certificates: the system's CA bundle, read again when the file changes, so that a CA
 * that an administrator adds takes effect without a restart. Thread-safe.
 */
final class TrustStore {
  static final List<Path> SYSTEM =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"));

  private static final Log LOG = Log.of(TrustStore.class);
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END [A-Z ]+-----");

  private final List<Path> bundles;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Anchors anchors;

  TrustStore(List<Path> bundles) {
    this.bundles = bundles;
  }

  /** A TLS context and the state of the file that it was made from. */
  record Anchors(String stamp, SSLContext context) {}

  Anchors current() throws IOException {
    Optional<Path> bundle = bundles.stream().filter(Files::isReadable).findFirst();
    String stamp = bundle.isPresent() ? stamp(bundle.get()) : "";
    lock.lock();
    try {
      Anchors known = anchors;
      if (known == null || !known.stamp().equals(stamp)) {
        known = new Anchors(stamp, context(bundle));
        anchors = known;
      }
      return known;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Reads it now; a failure is reported to the first call. */
  void prepare() {
    try {
      current().context().getSocketFactory();
    } catch (IOException e) {
      LOG.debug("trust.not_prepared", "why", e.getMessage());
    }
  }

  private static String stamp(Path file) throws IOException {
    BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
    return file + "|" + facts.lastModifiedTime() + "|" + facts.size() + "|" + facts.fileKey();
  }

  private static SSLContext context(Optional<Path> bundle)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager @Nullable [] managers = null; // the JDK's own
    if (bundle.isPresent()) {
      KeyStore store = read(bundle.get());
      if (store.size() == 0) {
        LOG.warn("trust.bundle_empty", "file", bundle.get());
      } else {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        managers = factory.getTrustManagers();
      }
    }
    context.init(null, managers, null);
    return context;
  }

  private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Matcher blocks = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    int skipped = 0;
    while (blocks.find()) {
      byte[] block = blocks.group().getBytes(StandardCharsets.ISO_8859_1);
      try {
        Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(block));
        store.setCertificateEntry("ca" + store.size(), certificate);
      } catch (CertificateException e) {
        skipped++; // one bad entry must not cost us all the others
      }
    }
    if (skipped > 0) {
      LOG.warn("trust.certificates_unreadable", "file", file, "skipped", skipped);
    }
    return store;
  }
}
