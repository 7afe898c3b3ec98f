package himmelblau.domain.entra.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.Tenant;
import himmelblau.domain.entra.internal.page.Browser;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** The state of one interactive sign-in: its browser and the current page. Used by one thread. */
final class SignInFlow {
  private static final int HOPS = 10;

  private final Tenant tenant;
  private final AccountName name;
  private final String requestId = UUID.randomUUID().toString();
  private Browser browser;
  private Page page;
  private boolean freshFactor;

  private SignInFlow(
      Tenant tenant, AccountName name, Browser browser, Page page, boolean freshFactor) {
    this.tenant = tenant;
    this.name = name;
    this.browser = browser;
    this.page = page;
    this.freshFactor = freshFactor;
  }

  /**
   * Opens the sign-in page.
   *
   * @param freshFactor demand a second factor even if the directory's rules would not
   */
  static SignInFlow open(Tenant tenant, AccountName name, boolean freshFactor)
      throws DomainUnavailable, AadstsError {
    Browser browser = new Browser(tenant.web(), WellKnownApps.BROKER_REDIRECT);
    String id = UUID.randomUUID().toString();
    Page first = browser.first(address(tenant, id, freshFactor));
    return new SignInFlow(tenant, name, browser, first, freshFactor);
  }

  /** The same page for a query about another user: this flow must not be used any more. */
  SignInFlow about(AccountName other) {
    return new SignInFlow(tenant, other, browser, page, freshFactor);
  }

  /** Starts over with a new page and no cookies. */
  void reopen(boolean freshFactor) throws DomainUnavailable, AadstsError {
    this.freshFactor = freshFactor;
    browser = new Browser(tenant.web(), WellKnownApps.BROKER_REDIRECT);
    page = browser.first(address(tenant, requestId, freshFactor));
  }

  private static URI address(Tenant tenant, String requestId, boolean freshFactor) {
    RequestBody query =
        RequestBody.form()
            .with("client_id", WellKnownApps.BROKER)
            .with("response_type", "code")
            .with("redirect_uri", WellKnownApps.BROKER_REDIRECT)
            .with("client-request-id", requestId)
            .with("prompt", "login")
            .with("scope", "openid profile")
            .with("response_mode", "query")
            .with("sso_reload", "True")
            .with("resource", WellKnownApps.INTUNE)
            .with("caller_app_client_id", WellKnownApps.PORTAL)
            .with("caller_app_redirect_uri", WellKnownApps.PORTAL_REDIRECT);
    if (freshFactor) {
      query.with("amr_values", "ngcmfa");
    }
    String text = new String(query.finish(), StandardCharsets.US_ASCII);
    return tenant.authority().at("oauth2/authorize?" + text);
  }

  AccountName name() {
    return name;
  }

  Tenant tenant() {
    return tenant;
  }

  Browser browser() {
    return browser;
  }

  Page page() {
    return page;
  }

  /**
   * One of a page's URLs, to which a secret goes: on the directory's own host. A form may have led
   * to a page of another host, with its own URLs.
   */
  URI own(Page of, String url) throws DomainUnavailable {
    URI own = of.own(url);
    if (!own.getAuthority().equalsIgnoreCase(tenant.authority().host())) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, "The sign-in leads to another host");
    }
    return own;
  }

  String requestId() {
    return requestId;
  }

  CredentialType credentialType(boolean passwordless) throws DomainUnavailable, AadstsError {
    return CredentialType.ask(
        browser, tenant.authority(), page, name.upn(), requestId, passwordless);
  }

  /** A form with the page's state in it. */
  RequestBody form() throws DomainUnavailable {
    return RequestBody.form()
        .with("ctx", page.context())
        .with("flowToken", page.flowToken())
        .with("canary", page.canary());
  }

  /**
   * Submits the pages that need no input: staying signed in, confirming the application, postponing
   * a registration where no second factor is demanded. Returns a code, or the page that needs
   * input.
   */
  FormResult settle(FormResult first) throws DomainUnavailable, AadstsError {
    FormResult answer = first;
    for (int hop = 0; hop < HOPS; hop++) {
      if (!(answer instanceof FormResult.Shown shown)) {
        return answer;
      }
      page = shown.page();
      Optional<AadstsError> error = page.error();
      if (error.isPresent()) {
        throw error.get();
      }
      Optional<FormResult> next = skip();
      if (next.isEmpty()) {
        return answer;
      }
      answer = next.get();
    }
    throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, "The sign-in pages form a loop");
  }

  private Optional<FormResult> skip() throws DomainUnavailable, AadstsError {
    Page.Kind kind = page.kind();
    if (kind == Page.Kind.STAY_SIGNED_IN) {
      return Optional.of(
          browser.submit(
              page.url("urlPost"),
              form().with("LoginOptions", "1").with("client-request-id", requestId)));
    }
    if (kind == Page.Kind.CONFIRM_APPLICATION) {
      URI confirm = tenant.authority().root().resolve("appverify");
      return Optional.of(browser.submit(confirm, form().with("ContinueAuth", "true")));
    }
    // Without the second factor that is demanded, the sign-in would be refused at its end.
    return freshFactor ? Optional.empty() : putOff();
  }

  private Optional<FormResult> putOff() throws DomainUnavailable, AadstsError {
    if (page.config().has("urlSkipMfaRegistration")) {
      RequestBody form =
          RequestBody.form()
              .with("flowtoken", page.flowToken())
              .with("ctx", page.context())
              .with("canary", page.canary());
      return Optional.of(browser.submit(page.url("urlSkipMfaRegistration"), form));
    }
    if (page.kind() == Page.Kind.REGISTER_METHOD
        && page.config().has("iRemainingDaysToSkipMfaRegistration")
        && page.config().has("urlPost")) {
      return Optional.of(
          browser.submit(
              page.url("urlPost"),
              form().with("LoginOptions", "1").with("client-request-id", requestId)));
    }
    return Optional.empty();
  }
}
