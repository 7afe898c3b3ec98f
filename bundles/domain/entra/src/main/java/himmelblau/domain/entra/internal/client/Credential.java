package himmelblau.domain.entra.internal.client;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.time.Instant;

/** The credential with which an application authenticates. */
sealed interface Credential extends AutoCloseable permits CertificateCredential, SecretCredential {
  String clientId();

  /** For messages: {@code certificate} or {@code secret}. */
  String kind();

  /**
   * Adds the proof to a token request.
   *
   * @param endpoint the request is posted to
   */
  RequestBody prove(RequestBody form, URI endpoint, Instant now) throws KeyStoreUnavailable;

  @Override
  void close();
}
