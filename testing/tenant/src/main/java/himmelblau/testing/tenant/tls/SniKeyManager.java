package himmelblau.testing.tenant.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes a certificate for whatever host name a client asks for, once per name. */
public final class SniKeyManager extends X509ExtendedKeyManager {
  private static final String FALLBACK = "localhost";

  private final CertificateAuthority authority;
  private final KeyPair keyPair;
  private final Map<String, X509Certificate[]> chains = new ConcurrentHashMap<>();

  private SniKeyManager(CertificateAuthority authority, KeyPair keyPair) {
    this.authority = authority;
    this.keyPair = keyPair;
  }

  /**
   * A context whose client certificates are accepted as they are: a handler compares them with the
   * registered devices.
   */
  public static SSLContext context(CertificateAuthority authority) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new SniKeyManager[] {new SniKeyManager(authority, CertificateAuthority.newKeyPair())},
        new TrustManager[] {new AnyClient()},
        new SecureRandom());
    return context;
  }

  @Override
  public String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (SNIServerName name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(java.util.Locale.ROOT);
        }
      }
    }
    return FALLBACK;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chains.computeIfAbsent(alias, this::chain);
  }

  private X509Certificate[] chain(String host) {
    try {
      return new X509Certificate[] {
        authority.issue(host, keyPair.getPublic()), authority.certificate()
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return keyPair.getPrivate();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {FALLBACK};
  }

  @Override
  public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
    return FALLBACK;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  private static final class AnyClient extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
