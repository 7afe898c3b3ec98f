package himmelblau.domain.entra.internal.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import java.util.Set;

/** Signs JWS with an RSA key of the key store (RS256). Borrows the key. Thread-safe as that is. */
public final class StoredKeySigner implements JWSSigner {
  private final Key key;
  private final JCAContext context = new JCAContext();

  public StoredKeySigner(Key key) {
    if (key.spec() != KeySpec.RSA_2048) {
      throw new IllegalArgumentException("Not an RSA key");
    }
    this.key = key;
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(JWSAlgorithm.RS256);
  }

  @Override
  public JCAContext getJCAContext() {
    return context;
  }

  @Override
  public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
    if (!JWSAlgorithm.RS256.equals(header.getAlgorithm())) {
      throw new JOSEException("The key signs RS256 only");
    }
    try {
      return Base64URL.encode(key.sign(signingInput));
    } catch (KeyStoreUnavailable e) {
      throw new JOSEException("The key store cannot sign", e);
    }
  }
}
