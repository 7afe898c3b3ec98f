package himmelblau.domain.entra.internal.page;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Cookies;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows the pages of one sign-in: keeps the cookies, submits the forms that a script would
 * submit, and stops at the redirect to our own URI, which is never requested. Used by one thread.
 */
public final class Browser {
  /** A browser that the directory offers security keys to. */
  public static final String AGENT =
      "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";

  private static final int HOPS = 10;
  private static final Pattern REPLACE =
      Pattern.compile("document\\.location\\.replace\\(\"([^\"]{1,16384})\"\\)");

  private final DomainHttp web;
  private final String redirectUri;
  private final Cookies cookies = new Cookies();

  /**
   * @param redirectUri where the sign-in ends
   */
  public Browser(DomainHttp web, String redirectUri) {
    this.web = web;
    this.redirectUri = redirectUri;
  }

  /** Opens a page. */
  public FormResult open(HttpCall call) throws DomainUnavailable, AadstsError {
    return classify(exchange(call), call.uri());
  }

  /** Opens the first page of a sign-in, whose error code means nothing. */
  public Page first(URI uri) throws DomainUnavailable, AadstsError {
    HttpReply reply =
        exchange(HttpCall.get(uri).header("User-Agent", AGENT).header("Accept", "*/*"));
    if (reply.ok()) {
      return PageReader.read(reply.text(), uri).orElseThrow(Browser::unreadable);
    }
    if (classify(reply, uri) instanceof FormResult.Shown shown) {
      return shown.page();
    }
    throw new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL, "The directory completed a sign-in without a prompt");
  }

  /** Submits a form; takes over and wipes {@code form}. */
  public FormResult submit(URI uri, RequestBody form) throws DomainUnavailable, AadstsError {
    return open(HttpCall.post(uri, DomainHttp.FORM, form.finish()).header("User-Agent", AGENT));
  }

  /** A call of a page's script: JSON both ways. */
  public Json script(HttpCall call, String what) throws DomainUnavailable, AadstsError {
    HttpReply reply = exchange(call.header("User-Agent", AGENT));
    if (!reply.ok()) {
      throw AadstsError.of(reply, what);
    }
    if (reply.text().stripLeading().startsWith("<")) {
      Optional<Page> page = PageReader.read(reply.text(), call.uri());
      Optional<AadstsError> error = page.flatMap(Page::error);
      if (error.isPresent()) {
        throw error.get();
      }
    }
    return Json.parse(reply.body(), what);
  }

  /** Deletes the cookies of the session. */
  public void forget() {
    cookies.clear();
  }

  private HttpReply exchange(HttpCall call) throws DomainUnavailable {
    Optional<String> jar = cookies.header(call.uri());
    HttpReply reply = web.send(jar.isPresent() ? call.header("Cookie", jar.get()) : call);
    cookies.learn(call.uri(), reply);
    return reply;
  }

  private FormResult classify(HttpReply first, URI where) throws DomainUnavailable, AadstsError {
    HttpReply reply = first;
    URI uri = where;
    for (int hop = 0; hop < HOPS; hop++) {
      if (reply.status() / 100 == 3) {
        return landed(reply.header("location").orElse(""));
      }
      Optional<Page> page = reply.status() == 429 ? Optional.empty() : page(reply, uri);
      if (page.isPresent()) {
        return new FormResult.Shown(page.get());
      }
      if (!reply.ok()) {
        throw AadstsError.of(reply, "The sign-in page");
      }
      String html = reply.text();
      Matcher script = REPLACE.matcher(html);
      if (script.find()) {
        return landed(script.group(1).replace("\\u0026", "&").replace("\\/", "/"));
      }
      HiddenForm form = HiddenForm.find(html).orElseThrow(Browser::unreadable);
      if (ours(form.action())) {
        Map<String, String> fields = new HashMap<>();
        form.fields().forEach(field -> fields.putIfAbsent(field.getKey(), field.getValue()));
        return landed(fields);
      }
      RequestBody body = RequestBody.form();
      form.fields().forEach(field -> body.with(field.getKey(), field.getValue()));
      uri = DomainHttp.https(uri, form.action(), "The form's action");
      reply =
          exchange(HttpCall.post(uri, DomainHttp.FORM, body.finish()).header("User-Agent", AGENT));
    }
    throw new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL, "The sign-in pages do not lead to a result");
  }

  private static Optional<Page> page(HttpReply reply, URI uri) throws DomainUnavailable {
    String html = reply.text();
    return html.contains("$Config") ? PageReader.read(html, uri) : Optional.empty();
  }

  private FormResult landed(String location) throws DomainUnavailable, AadstsError {
    if (!ours(location)) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, "The sign-in page leads to an unexpected address");
    }
    int query = location.indexOf('?');
    return landed(query < 0 ? Map.of() : parameters(location.substring(query + 1)));
  }

  private static FormResult landed(Map<String, String> parameters)
      throws DomainUnavailable, AadstsError {
    String description = parameters.getOrDefault("error_description", "");
    if (parameters.containsKey("error") || !description.isEmpty()) {
      throw AadstsError.of(parameters.getOrDefault("error", ""), description);
    }
    String code = parameters.getOrDefault("code", "");
    if (code.isEmpty()) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, "The sign-in ended without a code");
    }
    return new FormResult.Code(code);
  }

  /** The directory writes the host of our URI in lower case. */
  private boolean ours(String location) {
    if (!location.regionMatches(true, 0, redirectUri, 0, redirectUri.length())) {
      return false;
    }
    return location.length() == redirectUri.length()
        || "?#/".indexOf(location.charAt(redirectUri.length())) >= 0;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> found = new HashMap<>();
    for (String pair : query.split("#", 2)[0].split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          found.putIfAbsent(
              URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          // A broken escape: as if the parameter were not there.
        }
      }
    }
    return found;
  }

  private static DomainUnavailable unreadable() {
    return new DomainUnavailable(
        DomainUnavailable.Kind.PROTOCOL, "The sign-in page has no $Config and no form");
  }
}
