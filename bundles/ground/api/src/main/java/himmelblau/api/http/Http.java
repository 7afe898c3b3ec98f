package himmelblau.api.http;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Outgoing HTTPS with the settings of this host: the system's CA bundle, {@code request_timeout},
 * {@code ip_version}, the proxy environment, a bound on the body. Does not follow redirects, store
 * cookies or retry: the caller decides about these. One exception: a GET or HEAD without a body
 * that gets no answer soon over a connection from an earlier request is sent once more over a new
 * one (RFC 9110, 9.2.2), within the same {@code request_timeout}. Thread-safe; blocking; ends early
 * when the thread is interrupted.
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
