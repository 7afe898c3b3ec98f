package himmelblau.api.http;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Outgoing HTTPS with the settings of this host: the system's CA bundle, {@code request_timeout},
 * {@code ip_version}, the proxy environment, a bound on the body. Does not follow redirects, store
 * cookies or retry: the caller decides about these. Thread-safe; blocking; ends early when the
 * thread is interrupted.
 */
@ProviderType
public interface Http {
  /**
   * Sends one request.
   *
   * @throws IOException no reply: refused, reset, timed out, certificate not trusted, body larger
   *     than {@link HttpCall#maxBody}. The message names host and cause, never a query or a body
   */
  HttpReply send(HttpCall call) throws IOException;
}
