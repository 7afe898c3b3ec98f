package himmelblau.testing.tenant.login;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.WebAuthn;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The pages of the interactive sign-in, by kind. */
public final class Pages {
  private final Settings settings;
  private final Credentials credentials;

  public Pages(Settings settings, Credentials credentials) {
    this.settings = settings;
    this.credentials = credentials;
  }

  /** The first page, or the same again with what was wrong. */
  public Reply signIn(Request request, Flow flow, Optional<Refusal> error) {
    ConfigPage page = common(new ConfigPage("ConvergedSignIn"), flow);
    String origin = request.origin();
    page.put("sErrorCode", error.map(e -> String.valueOf(e.code())).orElse("50058"));
    JsonArray errors = new JsonArray();
    errors.add(error.map(e -> String.valueOf(e.code())).orElse("50058"));
    page.put("arrValErrs", errors).put("sErrTxt", error.map(Refusal::text).orElse(""));
    String post = origin + "/" + flow.ask().tenant() + "/login";
    page.put("urlPost", post)
        .put("urlPostAad", post)
        .put("urlGetCredentialType", origin + "/common/GetCredentialType?mkt=en-US")
        .put("urlGetOneTimeCode", origin + "/common/GetOneTimeCode")
        .put("urlSessionState", origin + "/common/DeviceCodeStatus")
        .put("iAllowedIdentities", 2)
        .put("iPollingInterval", 1)
        .put("iPollingTimeout", 60)
        .put("iMaxPollAttempts", settings.number("max-poll-attempts"))
        .put("iRemoteNgcPollingType", 2)
        .put("hpgid", 1104)
        .put("hpgact", 1800)
        .put("fAccessPassSupported", true)
        .put("fIsFidoSupported", true)
        .put("fIsRemoteNGCSupported", true)
        .put("fIsPasskeySupportEnabled", settings.on("passkey-support"))
        .put("fKMSIEnabled", settings.on("kmsi"));
    fido(page, request, flow);
    page.body(
        "<h1>Sign in</h1><p class=\"error\">"
            + Forms.html(error.map(Refusal::text).orElse(""))
            + "</p><form method=\"post\" action=\""
            + post
            + "\"><label>Email<input id=\"i0116\" name=\"login\" type=\"email\" autofocus"
            + " autocomplete=\"username\" value=\""
            + Forms.html(flow.ask().loginHint().orElse(""))
            + "\"></label><label>Password<input id=\"i0118\" name=\"passwd\" type=\"password\""
            + " autocomplete=\"current-password\"></label>"
            + hidden(flow, "ctx")
            + "<input id=\"idSIButton9\" type=\"submit\" value=\"Sign in\"></form>"
            + flow.ask()
                .userCode()
                .map(code -> form(request, flow, "/common/oauth2/deviceauth/cancel", "", "Cancel"))
                .orElse(""));
    return withCookie(page.reply(200), flow);
  }

  /** Second factors to choose from. */
  public Reply secondFactor(Request request, Flow flow, User user, List<String> methods) {
    ConfigPage page = common(new ConfigPage("ConvergedTFA"), flow);
    String sas = request.origin() + "/common/SAS/";
    JsonArray proofs = new JsonArray();
    for (String method : methods) {
      JsonObject proof = new JsonObject();
      proof.addProperty("authMethodId", method);
      proof.addProperty("data", method);
      proof.addProperty("display", display(method));
      proof.addProperty("isDefault", method.equals(methods.get(0)));
      proof.addProperty("isLocationAware", false);
      proofs.add(proof);
    }
    JsonObject perMethod = new JsonObject();
    perMethod.addProperty("PhoneAppNotification", 1.0);
    page.put("sPOST_Username", user.upn())
        .put("arrUserProofs", proofs)
        .put("urlBeginAuth", sas + "BeginAuth")
        .put("urlEndAuth", sas + "EndAuth")
        .put("urlPost", sas + "ProcessAuth")
        .put("iMaxPollAttempts", settings.number("max-poll-attempts"))
        .put("iPollingInterval", settings.number("poll-interval-millis"))
        .put("oPerAuthPollingInterval", perMethod)
        .put("iPollingTimeout", 120000)
        .put("iPollingBackoffInterval", 1.04)
        .put("iSAOtcLength", 6)
        .put("iTotpOtcLength", 6)
        .put("fSasEndAuthPostToGetSwitch", true)
        .put("sTrustedDeviceCheckboxName", "rememberMFA")
        .put("sAuthMethodInputFieldName", "mfaAuthMethod")
        .put("fIsPasskeySupportEnabled", settings.on("passkey-support"))
        .put("hpgid", 1114)
        .put("hpgact", 2202);
    if (methods.contains("FidoKey")) {
      JsonArray allow = new JsonArray();
      for (WebAuthn.Passkey key : credentials.passkeys(user)) {
        allow.add(Encoding.b64(key.credentialId()));
      }
      page.put("arrFidoAllowList", allow).put("iAllowedIdentities", 2);
      fido(page, request, flow);
    }
    page.body("<h1>Verify your identity</h1>" + SecondFactorPages.choices(request, flow, methods));
    return withCookie(page.reply(200), flow);
  }

  public Reply staySignedIn(Request request, Flow flow) {
    ConfigPage page = common(new ConfigPage("KmsiInterrupt"), flow);
    String post = request.origin() + "/kmsi";
    page.put("urlPost", post).put("hpgid", 1115).put("hpgact", 2005);
    page.body(
        "<h1>Stay signed in?</h1><form method=\"post\" action=\""
            + post
            + "\"><input type=\"hidden\" name=\"LoginOptions\" value=\"1\">"
            + hidden(flow, "ctx")
            + "<input id=\"idSIButton9\" type=\"submit\" value=\"Yes\"></form>");
    return withCookie(page.reply(200), flow);
  }

  /** Somebody without a second factor who needs one. */
  public Reply register(Request request, Flow flow) {
    ConfigPage page = common(new ConfigPage("ConvergedProofUpRedirect"), flow);
    int days = settings.number("proof-up-days");
    String post = request.origin() + "/common/SAS/ProcessAuth";
    page.put("urlPost", post)
        .put("urlSetUpMfa", "https://mysignins.microsoft.com/register")
        .put("sProofUpAuthState", flow.newContext())
        .put("hpgid", 1121)
        .put("hpgact", 2000);
    String skip = "";
    if (days >= 0) {
      String url =
          request.origin()
              + "/common/resume?ctx="
              + flow.newContext()
              + "&flowtoken="
              + flow.newFlowToken()
              + "&skipmfaregistration=1";
      page.put("iRemainingDaysToSkipMfaRegistration", days).put("urlSkipMfaRegistration", url);
      skip = "<p><a href=\"" + Forms.html(url) + "\">Skip for now</a></p>";
    } else {
      page.put("sErrorCode", "50072").put("sErrTxt", Refusal.aadsts(50072).text());
    }
    page.body(
        "<h1>More information required</h1><p>Your organization needs more information to keep your"
            + " account secure.</p>"
            + form(request, flow, "/common/proofup/begin", "", "Next")
            + skip);
    return withCookie(page.reply(200), flow);
  }

  /**
   * @param error why the last new password was not accepted
   */
  public Reply changePassword(Request request, Flow flow, Optional<String> error) {
    ConfigPage page = common(new ConfigPage("ConvergedChangePassword"), flow);
    String sspr = request.origin() + "/common/SSPR/";
    page.put("urlPost", sspr + "End")
        .put("urlAsyncSsprBegin", sspr + "Begin")
        .put("urlAsyncSsprPoll", sspr + "Poll")
        .put("hpgid", 1116)
        .put("hpgact", 2000);
    page.body(
        "<h1>Update your password</h1><p>You need to update your password because this is the first"
            + " time you are signing in, or because your password has expired.</p>"
            + error
                .map(text -> "<p class=\"error\" id=\"error\">" + Forms.html(text) + "</p>")
                .orElse("")
            + form(
                request,
                flow,
                "/common/SSPR/Change",
                "<label>Current password<input name=\"currentpasswd\" type=\"password\" autofocus>"
                    + "</label><label>New password<input name=\"newpasswd\" type=\"password\">"
                    + "</label><label>Confirm password<input name=\"confirmnewpasswd\""
                    + " type=\"password\"></label>",
                "Sign in"));
    return withCookie(page.reply(200), flow);
  }

  /** A form with one button, tied to its flow. */
  static String form(Request request, Flow flow, String path, String fields, String button) {
    return "<form method=\"post\" action=\""
        + request.origin()
        + path
        + "\">"
        + fields
        + hidden(flow, "ctx")
        + "<input id=\"idSIButton9\" type=\"submit\" value=\""
        + Forms.html(button)
        + "\"></form>";
  }

  /** A fatal error. */
  public Reply error(Refusal refusal, String correlationId) {
    String text = refusal.description();
    return new ConfigPage("ConvergedError")
        .put("sessionId", UUID.randomUUID().toString())
        .put("correlationId", correlationId)
        .put("canary", "Cn=0:1")
        .put("iErrorCode", refusal.code())
        .put("sErrorCode", String.valueOf(refusal.code()))
        .put("sErrTxt", "")
        .put("strMainMessage", "Sorry, but we're having trouble signing you in.")
        .put("strAdditionalMessage", text)
        .put("strServiceExceptionMessage", text)
        .body("<h1>Sign in</h1><p id=\"error\">" + Forms.html(text) + "</p>")
        .reply(200);
  }

  /** The page with a challenge for a passkey. */
  public Reply fidoChallenge(Request request, Flow flow, String challenge, String postBack) {
    ConfigPage page = common(new ConfigPage("ConvergedFido"), flow);
    page.put("sFidoChallenge", challenge)
        .put("sCrossDomainCanary", flow.newCanary().replace("=0:1", ""))
        .put("urlPost", postBack)
        .put("urlResume", request.origin() + "/common/resume");
    return page.reply(200);
  }

  private static void fido(ConfigPage page, Request request, Flow flow) {
    String origin =
        request.host().equals("login.microsoftonline.com")
            ? request.origin().replace("login.microsoftonline.com", WebAuthn.RP_ID)
            : request.origin();
    page.put("urlFidoLogin", origin + "/" + flow.ask().tenant() + "/fido/get?uiflavor=Web")
        .put(
            "urlResume",
            request.origin() + "/" + flow.ask().tenant() + "/resume?ctx=" + flow.newContext());
  }

  private static ConfigPage common(ConfigPage page, Flow flow) {
    String canary = flow.newCanary();
    return page.put("sessionId", flow.sessionId())
        .put("correlationId", flow.ask().correlationId())
        .put("sFT", flow.newFlowToken())
        .put("sFTName", "flowToken")
        .put("sCtx", flow.newContext())
        .put("canary", canary)
        .put("sCanaryTokenName", "canary")
        .put("apiCanary", flow.newCanary());
  }

  static String hidden(Flow flow, String contextName) {
    return "<input type=\"hidden\" name=\""
        + contextName
        + "\" value=\""
        + flow.newContext()
        + "\"><input type=\"hidden\" name=\"flowToken\" value=\""
        + flow.newFlowToken()
        + "\"><input type=\"hidden\" name=\"canary\" value=\""
        + flow.newCanary()
        + "\">";
  }

  private static Reply withCookie(Reply reply, Flow flow) {
    return reply.with(
        "Set-Cookie",
        flow.cookieName() + "=" + flow.cookie() + "; path=/; secure; HttpOnly; SameSite=None");
  }

  private static String display(String method) {
    return switch (method) {
      case "FidoKey" -> "Security key";
      case "AccessPass" -> "Temporary Access Pass";
      default -> "+XX XXXXXXX42";
    };
  }
}
