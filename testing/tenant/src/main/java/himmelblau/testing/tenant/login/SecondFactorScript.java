package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.web.Forms;

/** What makes the second-factor page usable in a browser. */
final class SecondFactorScript {
  private static final String SCRIPT =
      """
      <script>
      const c = $Config; let ft = c.sFT, ctx = c.sCtx, method = "";
      const say = t => document.getElementById("say").textContent = t;
      const code = document.getElementById("code");
      async function call(url, body) {
        const r = await fetch(url, {method: "POST", body: JSON.stringify(body),
          headers: {"Content-Type": "application/json", canary: c.apiCanary}});
        return r.json();
      }
      async function begin(m) {
        method = m; code.style.display = "none";
        const r = await call(c.urlBeginAuth, {AuthMethodId: m, Method: "BeginAuth", ctx, flowToken: ft});
        if (r.FlowToken) { ft = r.FlowToken; ctx = r.Ctx; }
        if (!r.Success) { say(r.Message || r.ResultValue); return; }
        if (["PhoneAppOTP", "OneWaySMS", "ConsolidatedTelephony"].includes(m)) {
          say("Enter the code."); code.style.display = "block"; return;
        }
        say(r.Entropy ? "Enter " + r.Entropy + " in your Authenticator app." : "Answer your phone.");
        for (let n = 1; ; n++) {
          await new Promise(done => setTimeout(done, 1000));
          const p = await call(c.urlEndAuth, {Method: "EndAuth", SessionId: c.sessionId,
            FlowToken: ft, Ctx: ctx, AuthMethodId: m, PollCount: n});
          if (p.Success) { finish(p); return; }
          if (!p.Retry) { say(p.Message || p.ResultValue); return; }
        }
      }
      async function check() {
        const r = await call(c.urlEndAuth, {Method: "EndAuth", SessionId: c.sessionId, FlowToken: ft,
          Ctx: ctx, AuthMethodId: method, PollCount: 1,
          AdditionalAuthData: document.getElementById("idTxtBx_SAOTCC_OTC").value});
        if (r.Success) finish(r); else say(r.Message || r.ResultValue);
      }
      function finish(r) {
        const f = document.forms.process;
        f.request.value = r.Ctx; f.flowToken.value = r.FlowToken; f.canary.value = c.canary;
        f.mfaAuthMethod.value = method; f.submit();
      }
      for (const p of c.arrUserProofs) {
        const b = document.createElement("button");
        b.textContent = p.authMethodId + " " + p.display; b.dataset.value = p.authMethodId;
        b.onclick = () => begin(p.authMethodId);
        document.getElementById("methods").append(b);
      }
      </script>
      """;

  private SecondFactorScript() {}

  static String html(String action, String upn, String method) {
    return "<h1>Verify your identity</h1><p id=\"say\"></p><div id=\"methods\"></div>"
        + "<div id=\"code\" style=\"display:none\"><input id=\"idTxtBx_SAOTCC_OTC\""
        + " autocomplete=\"off\" onkeydown=\"if(event.key=='Enter')check()\">"
        + "<button onclick=\"check()\">Verify</button></div><form name=\"process\" method=\"post\""
        + " action=\""
        + action
        + "\"><input type=\"hidden\" name=\"request\"><input type=\"hidden\" name=\"flowToken\">"
        + "<input type=\"hidden\" name=\"canary\"><input type=\"hidden\" name=\"mfaAuthMethod\""
        + " value=\""
        + Forms.html(method)
        + "\"><input type=\"hidden\" name=\"login\" value=\""
        + Forms.html(upn)
        + "\"></form>"
        + SCRIPT;
  }
}
