"""The interactive sign-in, step by step as a native client does it, with requests alone."""

import json
import re
import subprocess
import urllib.parse
import uuid
from pathlib import Path

import requests

HERE = Path(__file__).resolve().parent
BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e"
BROKER_REDIRECT = "msauth://Microsoft.AAD.BrokerPlugin"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
LOGIN = "https://login.microsoftonline.com"


class Refused(Exception):
    def __init__(self, code, text=""):
        super().__init__(f"AADSTS{code} {text}")
        self.code = code


def ctl(*arguments, check=True):
    done = subprocess.run([HERE.parent / "ctl", *map(str, arguments)], capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


def config(page):
    """$Config, cut out exactly as the strictest known client cuts it out."""
    start = page.index("$Config=") + 8
    end = page.index("//]]></script>")
    assert page[end - 2:end] == ";\n", "wrong characters before the end marker"
    body = page[start:end - 2]
    assert not set("&<>") & set(body), "unescaped character in $Config"
    assert '<input type="submit"' not in page and "Working..." not in page
    return json.loads(body)


class SignIn:
    def __init__(self, tenant, client=BROKER, redirect=BROKER_REDIRECT, **query):
        self.http = requests.Session()
        self.http.headers["User-Agent"] = BROWSER
        self.tenant, self.client, self.redirect = tenant, client, redirect
        self.correlation = str(uuid.uuid4())
        self.query = query

    def open(self):
        query = {"client_id": self.client, "response_type": "code", "redirect_uri": self.redirect,
                 "client-request-id": self.correlation, "prompt": "login", "scope": "openid profile ",
                 "response_mode": "query", "sso_reload": "True",
                 "resource": "0000000a-0000-0000-c000-000000000000"}
        query.update(self.query)
        answer = self.http.get(f"{LOGIN}/{self.tenant}/oauth2/authorize", params=query, allow_redirects=False)
        assert answer.status_code == 200, (answer.status_code, answer.headers)
        self.page = config(answer.text)
        if self.page["pgid"] == "ConvergedError":
            raise Refused(self.page["iErrorCode"], self.page["strServiceExceptionMessage"])
        return self

    def credential_type(self, name, **more):
        body = {"username": name, "isOtherIdpSupported": True, "checkPhones": True, "isRemoteNGCSupported": True,
                "isCookieBannerShown": False, "isFidoSupported": True,
                "originalRequest": self.page["sCtx"], "flowToken": self.page["sFT"], **more}
        return self.http.post(self.page["urlGetCredentialType"], json=body).json()

    def post(self, url, form):
        answer = self.http.post(url, data=form, allow_redirects=False)
        if answer.status_code == 302:
            where = urllib.parse.urlsplit(answer.headers["Location"])
            assert answer.headers["Location"].replace("&", "&amp;") in answer.text, "anchor and Location differ"
            values = dict(urllib.parse.parse_qsl(where.query))
            if "code" not in values:
                raise Refused(int(re.search(r"AADSTS(\d+)", values["error_description"])[1]))
            return values["code"]
        assert answer.status_code == 200, answer.status_code
        self.page = config(answer.text)
        code = self.page.get("sErrorCode") or self.page.get("iErrorCode")
        if code is not None:
            raise Refused(int(code), self.page.get("sErrTxt") or self.page.get("strServiceExceptionMessage"))
        return None

    def password(self, name, password):
        self.name = name
        return self.post(self.page["urlPost"], {
            "login": name, "passwd": password, "ctx": self.page["sCtx"], "flowToken": self.page["sFT"],
            "canary": self.page["canary"], "client_id": self.client, "client-request-id": self.correlation})

    def begin(self, method):
        self.method = method
        body = {"AuthMethodId": method, "Method": "BeginAuth", "ctx": self.page["sCtx"], "flowToken": self.page["sFT"]}
        self.begun = self.http.post(self.page["urlBeginAuth"], json=body, headers={"canary": self.page["canary"]}).json()
        return self.begun

    def poll(self, count=0):
        headers = {"x-ms-sessionId": self.page["sessionId"], "x-ms-flowToken": self.begun["FlowToken"],
                   "x-ms-ctx": self.begun["Ctx"]}
        return self.http.get(self.page["urlEndAuth"], headers=headers,
                             params={"authMethodId": self.method, "pollCount": count}).json()

    def code(self, code):
        body = {"AdditionalAuthData": code, "AuthMethodId": self.method, "SessionId": self.page["sessionId"],
                "FlowToken": self.begun["FlowToken"], "Ctx": self.begun["Ctx"], "Method": "EndAuth"}
        return self.http.post(self.page["urlEndAuth"], json=body, headers={"canary": self.page["canary"]}).json()

    def process(self, ended, method=None):
        return self.post(self.page["urlPost"], {
            "request": ended["Ctx"], "mfaAuthMethod": method or self.method, "login": self.name,
            "flowToken": ended["FlowToken"], "canary": self.page["canary"]})

    def push(self):
        """The whole second factor, with somebody at the phone who types the right number."""
        begun = self.begin("PhoneAppNotification")
        assert begun["Success"], begun
        assert self.poll()["Retry"]
        ctl("phone", "approve", self.name, "--number", begun["Entropy"])
        return self.process(self.poll(1))

    def redeem(self, code, **more):
        form = {"client_id": self.client, "grant_type": "authorization_code", "code": code,
                "redirect_uri": self.redirect, **more}
        return token(self.tenant, form)


def token(tenant, form, v2=False):
    answer = requests.post(f"{LOGIN}/{tenant}/oauth2/{'v2.0/' if v2 else ''}token", data=form)
    if answer.status_code != 200:
        raise Refused(answer.json()["error_codes"][0], answer.json()["error_description"])
    return answer.json() if answer.text.startswith("{") else answer.text
