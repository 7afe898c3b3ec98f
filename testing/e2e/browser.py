"""A browser without scripts, of a user of the tenant: follows links, fills in forms, keeps cookies. It runs beside the lab, in the lab's network."""

import html.parser
import json
import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urljoin


class Form:
    def __init__(self, address):
        self.address, self.fields, self.buttons = address, {}, []


class Page(html.parser.HTMLParser):
    """The forms of a page, the text of each element that has an id, and all its text."""

    def __init__(self, address, text):
        super().__init__()
        self.address, self.source = address, text
        self.forms, self.texts, self.title = [], {}, ""
        self._open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(Form(urljoin(self.address, attributes.get("action", ""))))
        elif tag == "input" and attributes.get("type") == "submit":
            self.forms[-1].buttons.append(attributes["value"])
        elif tag == "input" and "name" in attributes:
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")
        if tag not in ("input", "meta", "link", "br"):
            self._open.append((tag, attributes.get("id")))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, name = self._open[-1] if self._open else ("", None)
        if tag == "h1":
            self.title += data
        if name:
            self.texts[name] = self.texts.get(name, "") + data


def _typed(fields):
    return [word for name, value in fields.items() for word in ("--data-urlencode", f"{name}={value}")]


class Browser:
    def __init__(self, lab):
        self._state = Path(f"/run/himmelblau-lab/{lab.name}")
        self._folder = tempfile.TemporaryDirectory(prefix="browser")
        self.page = None

    def open(self, address):
        return self._load(address)

    def submit(self, button, **typed):
        """Presses the button with this text, after typing into fields that its form really has."""
        form = next((form for form in self.page.forms if button in form.buttons), None)
        assert form, f"no button {button!r} on {self.page.title!r}: {[form.buttons for form in self.page.forms]}"
        assert set(typed) <= set(form.fields), (typed.keys(), form.fields.keys())
        return self._load(form.address, *_typed({**form.fields, **typed}))

    def second_factor(self, method, code):
        """With a code that is typed, by the service's calls for programs and scripts."""
        page = json.loads(re.search(r"\$Config=(.*?);\n//\]\]>", self.page.source, re.DOTALL)[1])
        begun = self._call(page, "urlBeginAuth", AuthMethodId=method, Method="BeginAuth", ctx=page["sCtx"], flowToken=page["sFT"])
        ended = self._call(
            page, "urlEndAuth", AuthMethodId=method, Method="EndAuth", SessionId=page["sessionId"],
            FlowToken=begun["FlowToken"], Ctx=begun["Ctx"], PollCount=1, AdditionalAuthData=code,
        )
        assert ended["Success"], ended
        state = {"request": ended["Ctx"], "flowToken": ended["FlowToken"], "canary": page["canary"], "mfaAuthMethod": method}
        return self._load(page["urlPost"], *_typed({**state, "login": page["sPOST_Username"]}))

    def _call(self, page, address, **body):
        words = ("--header", f"canary: {page['apiCanary']}", "--header", "Content-Type: application/json", "--data", json.dumps(body))
        return json.loads(self._fetch(page[address], *words)[0])

    def _load(self, address, *words):
        text, final = self._fetch(address, *words)
        self.page = Page(final, text)
        return self.page

    def _fetch(self, address, *words):
        init = json.loads((self._state / "facts.json").read_text(encoding="utf-8"))["init"]
        cookies = f"{self._folder.name}/cookies"
        hosts = ("microsoft.com", "login.microsoftonline.com", "mysignins.microsoft.com", "aka.ms")
        command = [
            "nsenter", f"--net=/proc/{init}/ns/net", "curl", "--silent", "--show-error", "--fail", "--location",
            "--max-time", "20", "--noproxy", "*", "--cacert", str(self._state / "tenant/ca.pem"),
            "--cookie", cookies, "--cookie-jar", cookies, "--write-out", "\n%{url_effective}",
            *(word for host in hosts for word in ("--resolve", f"{host}:443:127.0.0.1")), *words, address,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=40, check=False)
        assert done.returncode == 0, f"{address}: {done.stderr}"
        text, _, final = done.stdout.rpartition("\n")
        return text, final
