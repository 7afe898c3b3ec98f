package himmelblau.testing.tenant.admin;

import himmelblau.testing.tenant.web.Reply;

/** The web page that plays the phones of all users. */
final class PhonePage {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Phone</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 32em; margin: 2em auto; padding: 0 1em; }
        section { border: 1px solid #8886; border-radius: .6em; padding: .6em 1em; margin: 1em 0; }
        h2 { font-size: 1em; margin: 0 0 .4em; }
        form { display: flex; gap: .5em; align-items: center; flex-wrap: wrap; margin: .4em 0; }
        input { font: inherit; width: 4em; } button { font: inherit; }
        code { font-size: 1.1em; } p { margin: .3em 0; } .none { opacity: .6; }
      </style></head><body>
      <h1>Phone</h1>
      <section><h2>Sign-ins waiting for an answer</h2><div id="prompts"></div></section>
      <section><h2>Text messages</h2><div id="messages"></div></section>
      <section><h2>Authenticator codes</h2><div id="otp"></div></section>
      <section><h2>Device codes waiting</h2><div id="deviceCodes"></div></section>
      <p id="said" role="status"></p>
      <script>
      const el = (name, text) => { const e = document.createElement(name); e.textContent = text || ""; return e; };
      async function api(command, body) {
        const r = await fetch("/api/" + command, {method: "POST", body: JSON.stringify(body || {}),
          headers: {"Content-Type": "application/json"}});
        return r.json();
      }
      async function answer(kind, body) {
        const said = await api("phone-" + kind, body);
        document.getElementById("said").textContent = said.error || said;
        draw(true);
      }
      const fill = (id, nodes) => document.getElementById(id).replaceChildren(
        ...(nodes.length ? nodes : [Object.assign(el("p", "nothing"), {className: "none"})]));
      let last = "";
      async function draw(force) {
        const all = await api("phone-all");
        const prompts = JSON.stringify(all.prompts);
        if (force || prompts !== last) { // do not take away what is being typed
          last = prompts;
          fill("prompts", all.prompts.map(p => {
            const form = el("form");
            form.append(el("span", p.upn + " (" + p.method + ")"));
            const number = el("input"); number.inputMode = "numeric"; number.placeholder = "number";
            if (p.needsNumber) form.append(number);
            form.append(el("button", "Approve"));
            const deny = el("button", "Deny"); deny.type = "button";
            deny.onclick = () => answer("deny", {upn: p.upn});
            form.append(deny);
            form.onsubmit = e => { e.preventDefault();
              answer("approve", p.needsNumber ? {upn: p.upn, number: number.value} : {upn: p.upn}); };
            return form;
          }));
        }
        fill("messages", all.messages.reverse().map(m => el("p", m.upn + ": " + m.text)));
        fill("otp", all.otp.map(o => { const p = el("p", o.upn + " "); p.append(el("code", o.code)); return p; }));
        fill("deviceCodes", all.deviceCodes.map(c => el("p", c)));
      }
      draw(true); setInterval(draw, 1000);
      </script></body></html>
      """;

  private PhonePage() {}

  static Reply reply() {
    return Reply.html(200, PAGE);
  }
}
