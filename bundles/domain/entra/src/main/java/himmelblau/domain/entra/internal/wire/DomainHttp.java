package himmelblau.domain.entra.internal.wire;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** {@link Http} for domains: converts failures, and says whether offline sign-in may help. */
public final class DomainHttp {
  public static final String FORM = "application/x-www-form-urlencoded";
  public static final String JSON = "application/json; charset=UTF-8";

  private final Http http;

  public DomainHttp(Http http) {
    this.http = http;
  }

  /** Sends {@code call} and wipes its body. Any status is a reply. */
  public HttpReply send(HttpCall call) throws DomainUnavailable {
    try {
      return http.send(call);
    } catch (ProtocolException e) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, message(e), e);
    } catch (IOException e) {
      throw new DomainUnavailable(DomainUnavailable.Kind.NETWORK, message(e), e);
    } finally {
      byte[] body = call.body();
      if (body != null) {
        Arrays.fill(body, (byte) 0);
      }
    }
  }

  private static String message(IOException e) {
    return Optional.ofNullable(e.getMessage()).orElse("The network call failed");
  }

  /** Refuses a reply that reports that the server is busy or broken. */
  public static HttpReply working(HttpReply reply, String what) throws DomainUnavailable {
    if (reply.status() == 429 || reply.status() >= 500) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.TEMPORARY,
          what + " answered with status " + reply.status() + ": try again later");
    }
    return reply;
  }

  /** An absolute https URL from a reply, resolved against the page that contained it. */
  public static URI https(URI base, String url, String what) throws DomainUnavailable {
    try {
      URI resolved = base.resolve(url.strip().replaceFirst("^//+(?=[^/]*/)", "/"));
      if ("https".equalsIgnoreCase(resolved.getScheme())
          && resolved.getHost() != null
          && resolved.getUserInfo() == null) {
        return resolved;
      }
    } catch (IllegalArgumentException e) {
      // Reported below without the URL, which may contain tokens.
    }
    throw new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL, what + " is not a usable https address");
  }

  /** Waits. */
  public static void pause(Duration length) throws DomainUnavailable {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "Stopped while waiting", e);
    }
  }
}
