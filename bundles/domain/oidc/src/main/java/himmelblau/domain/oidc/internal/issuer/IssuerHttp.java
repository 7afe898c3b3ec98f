package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Requests to an issuer over {@link Http}, in the form that the Nimbus SDK reads and writes: https
 * only, bounded, and no redirect is followed. Thread-safe.
 */
public final class IssuerHttp {
  private static final int MOST_BYTES = 128 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Http http;

  public IssuerHttp(Http http) {
    this.http = http;
  }

  /** Fetches a document; any other status than 200 is an error. */
  String document(URI uri, int most, String what) throws DomainUnavailable {
    return document(HttpCall.get(uri), most, what);
  }

  /**
   * The same, for who has an access token (RFC 6750 section 2.1).
   *
   * @param bearer borrowed
   */
  String document(URI uri, Secret bearer, int most, String what) throws DomainUnavailable {
    HttpCall call = HttpCall.get(uri).header("Authorization", "Bearer " + bearer.revealText());
    return document(call, most, what);
  }

  private String document(HttpCall call, int most, String what) throws DomainUnavailable {
    HttpReply reply = send(call.header("Accept", "application/json").upTo(most), what);
    if (reply.status() != 200) {
      throw protocol(what + " answered with status " + reply.status());
    }
    return reply.text();
  }

  /** Sends a form that the SDK made; the reply may be an error of OAuth. */
  HTTPResponse form(HTTPRequest request, String what) throws DomainUnavailable {
    byte[] body = String.valueOf(request.getBody()).getBytes(StandardCharsets.UTF_8);
    HttpCall call =
        HttpCall.post(request.getURI(), FORM, body).header("Accept", "application/json");
    String client = request.getAuthorization();
    HttpReply reply =
        send((client == null ? call : call.header("Authorization", client)).upTo(MOST_BYTES), what);
    HTTPResponse response = new HTTPResponse(reply.status());
    try {
      response.setContentType(reply.header("content-type").orElse("application/octet-stream"));
    } catch (ParseException e) {
      throw protocol(what + " answered with a content type that is none");
    }
    response.setBody(reply.text());
    return response;
  }

  private HttpReply send(HttpCall call, String what) throws DomainUnavailable {
    requireHttps(call.uri(), what);
    HttpReply reply;
    try {
      reply = http.send(call);
    } catch (ProtocolException e) {
      throw new DomainUnavailable(Kind.PROTOCOL, what + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new DomainUnavailable(Kind.NETWORK, what + " cannot be reached: " + e.getMessage(), e);
    } finally {
      byte[] body = call.body();
      if (body != null) {
        Arrays.fill(body, (byte) 0);
      }
    }
    if (reply.status() == 429 || reply.status() >= 500) {
      throw new DomainUnavailable(
          Kind.TEMPORARY, what + " answered with status " + reply.status() + ": try again later");
    }
    if (reply.status() >= 300 && reply.status() < 400) {
      throw protocol(what + " redirects to another address, which is not followed");
    }
    return reply;
  }

  /** An address that may be asked, or shown to a user. */
  static void requireHttps(URI uri, String what) throws DomainUnavailable {
    if (!"https".equalsIgnoreCase(uri.getScheme())
        || uri.getHost() == null
        || uri.getUserInfo() != null
        || uri.getFragment() != null) {
      throw protocol(what + " has no usable https address");
    }
  }

  static DomainUnavailable protocol(String message) {
    return new DomainUnavailable(Kind.PROTOCOL, message);
  }
}
