"""Single sign-on from a real sign-in: what programs get at the broker socket, and what ends it."""

import base64
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from conftest import here
from running_lab import PIN, RunningLab

CLIENT = Path(__file__).with_name("sso_client.py")
PLACE = "/usr/local/lib/sso_client.py"
EDGE = "d7b530a4-7680-4c23-a8bf-c52c121d2e87"
GRAPH = "https://graph.microsoft.com/.default"
APP = "https://myapps.microsoft.com/"
NOBODY = "Failed to authenticate user"
FILES = "/run/himmelblaud/sso"


class Sso:
    """The programs of one uid."""

    def __init__(self, lab, name):
        self._lab, self.name = lab, name

    def calls(self, *calls):
        """[(kind, reply, seconds)]"""
        lines = "".join(json.dumps([method, request if isinstance(request, str) else json.dumps(request)]) + "\n" for method, request in calls)
        done = self._lab.run("python3", PLACE, user=self.name, text=lines, timeout=100)
        assert done.returncode == 0, done.stderr
        return [(kind, json.loads(text) if kind == "reply" else text, seconds) for kind, text, seconds in map(json.loads, done.stdout.splitlines())]

    def call(self, method, request):
        kind, reply, _ = self.calls((method, request))[0]
        assert kind == "reply", reply
        return reply

    def accounts(self):
        return self.call("getAccounts", {"clientId": EDGE})["accounts"]

    def token(self, **more):
        return self.call("acquireTokenSilently", ask(**more))["brokerTokenResponse"]

    def refusal(self, **more):
        """Why a new token is refused."""
        return self.token(accessTokenToRenew="x", **more)["error"]["context"]

    def cookie(self, url=APP):
        return self.call("acquirePrtSsoCookie", {"ssoUrl": url})


def ask(**more):
    return {"authParameters": {"clientId": EDGE, "requestedScopes": [GRAPH], "authority": "https://login.microsoftonline.com/common", **more}}


@pytest.fixture(scope="module")
def lab(conf):
    running_lab = RunningLab(here("e2e-sso"), conf())
    running_lab.lab("down", check=False)
    running_lab.up()
    running_lab.write(PLACE, CLIENT.read_text(encoding="utf-8"))
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="module")
def user(lab):
    return signed_in(lab.new_user().enrol())


def signed_in(user):
    """By PIN over SSH."""
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        session.leave()
    return user


@pytest.fixture
def sso(lab, user):
    return Sso(lab, user.name)


def fetch(lab, url, *words):
    """(headers of all replies, the last body, the last address); a browser of the host."""
    state = Path(f"/run/himmelblau-lab/{lab.name}")
    init = json.loads((state / "facts.json").read_text(encoding="utf-8"))["init"]
    hosts = ("login.microsoftonline.com", "myapps.microsoft.com", "graph.microsoft.com")
    done = subprocess.run(
        [
            "nsenter", f"--net=/proc/{init}/ns/net", "curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*", "--cacert", str(state / "tenant/ca.pem"),
            *(word for host in hosts for word in ("--resolve", f"{host}:443:127.0.0.1")), "--dump-header", "/dev/stderr", "--write-out", "\n%{http_code} %{url_effective}", *words, url,
        ],
        capture_output=True, text=True, timeout=40, check=False,
    )
    assert done.returncode == 0, done.stderr
    body, _, last = done.stdout.rpartition("\n")
    return done.stderr, body, last


def graph(lab, token, path="me"):
    """What Graph says to a token."""
    _, body, last = fetch(lab, f"https://graph.microsoft.com/v1.0/{path}", "--header", f"Authorization: Bearer {token}")
    return int(last.split()[0]), json.loads(body)


def browse(lab, tmp_path, cookie=None, url=APP):
    """The page that a browser shows; with the header that an extension adds for the sign-in page."""
    jar = str(tmp_path / "cookies")
    words = ("--location", "--cookie", jar, "--cookie-jar", jar, "--header", "Accept: text/html,*/*")
    if cookie:
        words += ("--header", f"x-ms-RefreshTokenCredential: {cookie}")
    return fetch(lab, url, *words)


def who(page):
    found = re.search(r'id="who">([^<]*)<', page[1])
    return found and found[1]


def claims(jwt):
    part = jwt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_account_and_a_token_that_graph_accepts(lab, user, sso):
    (account,) = sso.accounts()
    assert account["username"] == user.upn and account["environment"] == "login.windows.net"
    assert account["homeAccountId"] == f"{account['localAccountId']}.{account['realm']}"
    assert {"name", "givenName", "passwordExpiry"} <= account.keys()
    for request in (ask(), ask(account=account), {"account": account, **ask()}):
        token = sso.call("acquireTokenSilently", request)["brokerTokenResponse"]
        assert token["account"] == account and token["accessTokenType"] == 0
        assert token["extendedExpiresOn"] >= token["expiresOn"] > 10**12
        assert isinstance(token["grantedScopes"], str) and claims(token["idToken"])["aud"] == EDGE
    status, me = graph(lab, token["accessToken"])
    assert status == 200 and me["userPrincipalName"] == user.upn
    assert claims(token["accessToken"])["deviceid"] in lab.tenant("device", "list").stdout


def test_other_uids_get_nothing_of_it(lab, user, sso):
    neighbour = lab.local("neighbour")
    for name in (neighbour, "root"):
        other = Sso(lab, name)
        assert other.accounts() == []
        assert other.token()["error"]["context"] == "Unable to find account"
        assert other.token(username=user.upn)["error"]["context"] == "Unable to find account"
        assert other.cookie()["error"]["context"] == "Unable to find account"
    second = Sso(lab, lab.new_user().enrol().name)
    assert second.accounts()[0]["username"] != user.upn
    assert second.token(username=user.upn)["error"]["context"] == "Invalid request for user!"
    assert second.call("acquirePrtSsoCookie", {"account": {"username": user.upn}})["error"]["context"] == "Invalid request for user!"
    assert claims(second.token()["accessToken"])["upn"] != claims(sso.token()["accessToken"])["upn"]
    done = lab.run("ls", FILES, user=user.name)
    assert done.returncode != 0 and "Permission denied" in done.stderr


def test_a_browser_is_in_with_the_cookie_and_asked_without(lab, user, sso, tmp_path):
    assert "<title>Sign in" in browse(lab, tmp_path)[1]
    reply = sso.cookie("https://login.microsoftonline.com/")
    assert reply["cookieName"] == "x-ms-RefreshTokenCredential"
    assert reply["cookieItems"] == [{"cookieName": reply["cookieName"], "cookieContent": reply["cookieContent"]}]
    page = browse(lab, tmp_path, reply["cookieContent"])
    assert who(page) == user.upn and "sso_nonce" not in page[0]
    assert who(browse(lab, tmp_path)) == user.upn  # the browser's own session
    assert "<title>Sign in" in browse(lab, tmp_path, sso.cookie()["cookieContent"], APP + "?prompt=login")[1]


def test_the_nonce_of_the_page_is_in_the_cookie_and_good_once(lab, user, sso, tmp_path):
    lab.tenant("clock", "skew", "900")  # for the service, the time in the cookie is long ago
    try:
        state = browse(lab, tmp_path / "none")[2].split(" ", 1)[1]
        headers, _, _ = fetch(lab, state, "--header", f"x-ms-RefreshTokenCredential: {sso.cookie()['cookieContent']}")
        again = re.search(r"(?im)^location: (\S+)", headers)[1]
        nonce = parse_qs(urlparse(again).query)["sso_nonce"][0]
        cookie = sso.cookie(again)["cookieContent"]
        assert claims(cookie)["request_nonce"] == nonce and "iat" not in claims(cookie)
        first, second = (fetch(lab, again, "--header", f"x-ms-RefreshTokenCredential: {cookie}")[0] for _ in range(2))
        assert "code=" in first and "code=" not in second
    finally:
        lab.tenant("clock", "skew", "0")


def test_a_pop_token_is_bound_to_the_key_of_the_program(lab, sso):
    scope = "ms-device-service://termsrv.wvd.microsoft.com/name/host1/user_impersonation"
    token = sso.token(requestedScopes=[scope], popParams={"authenticationScheme": "pop", "kid": "e2e-key", "uriHost": "h", "httpMethod": "GET"})
    assert token["accessTokenType"] == 1
    assert claims(token["accessToken"])["cnf"] == {"kid": "e2e-key"}
    bound = sso.token(popParams={"authenticationScheme": "pop", "kid": "e2e-key"})
    assert graph(lab, bound["accessToken"])[0] == 401


def test_a_pop_token_without_a_key_of_the_program_comes_in_a_signed_request(lab, user, sso):
    pop = {"authenticationScheme": "pop", "uriHost": "api.example", "httpMethod": "GET", "nonce": "n1"}
    token = sso.token(popParams=pop)
    assert token["accessTokenType"] == 1
    signed = claims(token["accessToken"])
    assert (signed["u"], signed["m"], signed["nonce"]) == ("api.example", "GET", "n1")
    key = json.loads(base64.urlsafe_b64decode(token["accessToken"].split(".")[0] + "=="))["kid"]
    assert claims(signed["at"])["cnf"] == {"kid": key}, "what the directory bound the token to"
    (account,) = sso.accounts()
    reply = sso.call("generateSignedHttpRequest", {"clientId": EDGE, "popParams": {**pop, "homeAccountId": account["homeAccountId"]}})
    assert claims(reply["signedHttpRequest"])["cnf"] == signed["cnf"]
    other = sso.call("generateSignedHttpRequest", {"clientId": EDGE, "popParams": {**pop, "homeAccountId": "x." + account["realm"]}})
    assert other["error"]["context"] == "Invalid request for user!"


def test_what_the_directory_refuses_is_said_in_its_words(sso):
    assert sso.refusal(clientId="11111111-2222-3333-4444-555555555555").startswith("AADSTS700016")
    assert sso.refusal(requestedScopes=["https://unknown.example/.default"]).startswith("AADSTS500011")
    assert "accessToken" in sso.token(), "and costs nothing else"


def test_a_claims_challenge_reaches_the_directory(lab, sso):
    sso.token(decodedClaims='{"access_token":{"xms_cc":{"values":["cp1"]}}}')
    assert any("xms_cc" in json.dumps(entry) for entry in lab.requests())


def test_many_calls(lab, sso):
    answers = sso.calls(*[("getAccounts", {}), ("acquireTokenSilently", ask())] * 150)
    assert len(answers) == 300 and {kind for kind, _, _ in answers} == {"reply"}
    assert sum(seconds for _, _, seconds in answers) < 20
    assert len(json.dumps(answers[1])) > 500


def test_requests_that_are_none_get_error_objects(sso):
    for kind, reply, _ in sso.calls(("acquireTokenSilently", "nonsense"), ("acquireTokenSilently", "{}")):
        assert kind == "reply" and reply["brokerTokenResponse"]["error"]["status"] == 6
    for kind, reply, _ in sso.calls(("getAccounts", "[]"), ("unknown", "{}"), ("generateSignedHttpRequest", "[]")):
        assert kind == "reply" and reply["error"]["context"]
    assert sso.call("getLinuxBrokerVersion", {"msalCppVersion": "1.28.0"}) == {"linuxBrokerVersion": "2.0.1"}


def test_it_outlives_the_daemon(lab, sso):
    lab.restart()
    lab.await_daemon()
    assert "accessToken" in sso.token() and "cookieContent" in sso.cookie()
    lab.out("kill", "-KILL", lab.daemon_pid())  # systemd starts it anew
    lab.await_daemon()
    assert "accessToken" in sso.token() and "cookieContent" in sso.cookie()


def test_it_outlives_another_version_of_its_parts(lab, sso):
    for name in ("himmelblau.sso", "himmelblau.domain.entra"):
        jar = lab.out("sh", "-c", f"ls /usr/lib/himmelblau/bundles/daemon/{name}-[0-9]*.jar").strip()
        for line in (f"uninstall {name}", f"start file:{jar}", f"update {name}"):
            lab.out("aad-tool", "shell", line)
            if line.startswith("uninstall"):
                continue
            assert "accessToken" in sso.token(), line
            assert "cookieContent" in sso.cookie(), line


def test_without_the_network_there_is_an_error_in_time_and_afterwards_it_works(lab, user, sso):
    with lab.offline():
        (kind, reply, seconds), = sso.calls(("acquireTokenSilently", ask(accessTokenToRenew="x")))
        assert kind == "reply" and reply["brokerTokenResponse"]["error"]["context"] and seconds < 30
        assert sso.accounts()[0]["username"] == user.upn
        lab.out("rm", "-r", FILES)
        lab.restart()
        lab.await_daemon()
        assert sso.token()["error"]["context"] == NOBODY
        signed_in(user)  # the PIN opens what the last sign-in left
    assert "accessToken" in sso.token()


def test_no_secret_is_logged_or_readable(lab, user, sso):
    token, cookie = sso.token()["accessToken"], sso.cookie()["cookieContent"]
    assert lab.out("stat", "-c", "%a %U", FILES) == "700 himmelblaud"
    files = lab.out("find", FILES, "-type", "f").splitlines()
    assert files and {lab.out("stat", "-c", "%a", file) for file in files} == {"600"}
    assert lab.run("grep", "-rqE", "eyJ|refresh_token", FILES).returncode == 1
    log = lab.log() + lab.out("journalctl", "--no-pager", "-o", "export")
    for secret in (token, cookie, claims(cookie)["refresh_token"], token.split(".")[2], "eyJ0"):
        assert secret[:60] not in log
    assert "sso.token" in log and "sso.kept" in log


def test_a_revoked_user_is_refused_and_dropped_until_the_next_sign_in(lab, user, sso, tmp_path):
    before = lab.out("ls", FILES).split()
    stale = sso.cookie()["cookieContent"]
    lab.tenant("revoke", user.upn)
    assert who(browse(lab, tmp_path, stale)) is None
    assert sso.refusal().startswith("AADSTS50173")
    assert len(lab.out("ls", FILES).split()) == len(before) - 1
    assert sso.token()["error"]["context"] == NOBODY, "nor what was in memory"
    assert sso.cookie()["error"]["context"] == "Failed to fetch prt sso cookie"
    signed_in(user)
    assert "accessToken" in sso.token()


def test_an_administrator_sees_and_ends_it(lab, user, sso):
    assert re.search(rf"(?m)^{re.escape(user.upn)}  signed in \S+Z  renewed \S+Z$", lab.out("aad-tool", "sso", "list"))
    assert lab.run("aad-tool", "sso", "list", user=user.name).returncode != 0
    lab.out("aad-tool", "sso", "forget", "--name", user.name)
    assert sso.token()["error"]["context"] == NOBODY
    assert user.upn not in lab.out("aad-tool", "sso", "list")
    signed_in(user)
    assert "accessToken" in sso.token()


def test_a_disabled_user_is_refused_and_dropped(lab):
    user = lab.new_user().enrol()
    sso = Sso(lab, user.name)
    assert "accessToken" in sso.token()
    lab.tenant("user", "disable", user.upn)
    assert sso.refusal().startswith("AADSTS50057")
    assert sso.token()["error"]["context"] == NOBODY


def test_a_disabled_and_a_deleted_device_end_it(lab, user, sso, tmp_path):
    device = claims(sso.token()["accessToken"])["deviceid"]
    lab.tenant("device", "disable", device)
    assert sso.refusal().startswith("AADSTS135011")
    assert sso.token()["error"]["context"] == NOBODY
    lab.tenant("device", "enable", device)
    signed_in(user)
    cookie = sso.cookie()["cookieContent"]
    assert "accessToken" in sso.token()
    lab.tenant("device", "del", device)
    assert who(browse(lab, tmp_path, cookie)) is None
    assert "AADSTS50155" in sso.refusal()
    assert sso.token()["error"]["context"] == NOBODY
