"""Single sign-on in the sessions of users: the broker on the session bus and the native messaging host, as an independent client sees them."""

import base64
import json
import threading
import time

import pytest

from real_host import make_local, sign_in, wait_for
from running_lab import PIN, ROOT

EDGE = "d7b530a4-7680-4c23-a8bf-c52c121d2e87"
GRAPH = "https://graph.microsoft.com/.default"
NATIVE = "https://login.microsoftonline.com/common/oauth2/nativeclient"
MANIFEST = "/usr/lib/mozilla/native-messaging-hosts/linux_entra_sso.json"
# What sso-mib rejects an account without, with types (sso-broker 1.3).
ACCOUNT = {"environment": str, "givenName": str, "homeAccountId": str, "localAccountId": str, "name": str, "passwordExpiry": int, "realm": str, "username": str}
TOKEN = {"accessToken": str, "accessTokenType": int, "clientInfo": str, "expiresOn": int, "extendedExpiresOn": int, "idToken": str, "grantedScopes": str}
PINENTRY = f"""#!/bin/sh
echo "OK Pleased to meet you"
while read -r word rest; do
    echo "$word $rest" >>/tmp/pinentry-$(id -un)
    case $word in GETPIN) echo "D {PIN}" ;; esac
    echo OK
done
"""


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


@pytest.fixture(scope="module")
def client(lab):
    """The place of the client inside."""
    lab.out("mkdir", "-p", "/opt/sso")
    for file in (ROOT / "runtime/shims/tests/bus.py", ROOT / "testing/e2e/session_client.py"):
        lab.put(file, "/opt/sso")
    lab.write("/usr/local/bin/pinentry", PINENTRY)
    lab.out("chmod", "0755", "/usr/local/bin/pinentry")
    lab.out("chmod", "-R", "a+rX", "/opt/sso")
    return "/opt/sso/session_client.py"


class Programs:
    """The programs of a user who is signed in."""

    def __init__(self, lab, client, name, user=None):
        self.lab, self.client, self.name, self.user = lab, client, name, user

    def run(self, *words, given=()):
        done = self.lab.run("python3", "-B", self.client, *words, user=self.name, text=json.dumps(given), timeout=90)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def bus(self, *calls):
        return self.run("bus", given=calls)

    def native(self, *messages):
        return self.run("native", MANIFEST, given=messages)

    def accounts(self):
        return self.bus(["getAccounts", {"clientId": EDGE}])[0]["accounts"]

    def user_manager(self, *words):
        uid = self.lab.out("id", "-u", self.name)
        return self.lab.out("env", f"XDG_RUNTIME_DIR=/run/user/{uid}", "systemctl", "--user", *words, user=self.name)

    def token(self):
        return self.bus(["acquireTokenSilently", wanted()])[0]["brokerTokenResponse"]

    def sign_in_again(self):
        with sign_in(self.user) as session:
            session.leave()

    def prompts(self):
        return self.lab.run("cat", f"/tmp/pinentry-{self.name}").stdout.count("GETPIN")


@pytest.fixture(scope="module")
def alice(lab, client):
    """A user with an open session, who signed in by PIN."""
    user = lab.new_user(local="alice").enrol()
    with sign_in(user):
        yield Programs(lab, client, user.name, user)


@pytest.fixture(scope="module")
def bob(lab, client):
    user = lab.new_user(local="bob").enrol()
    with sign_in(user):
        yield Programs(lab, client, user.name, user)


def wanted(**more):
    return {"authParameters": {"clientId": EDGE, "redirectUri": NATIVE, "requestedScopes": [GRAPH], "authority": "https://login.microsoftonline.com/common", **more}}


def typed(thing, members):
    return {name: type(thing.get(name)) for name in members}


def failed(reply):
    return reply["brokerTokenResponse"]["error"]["context"]


def test_account_and_token_of_the_user(alice):
    account, = alice.accounts()
    assert typed(account, ACCOUNT) == ACCOUNT
    assert account["username"].startswith("alice@")
    assert account["homeAccountId"] == f"{account['localAccountId']}.{account['realm']}"
    now = time.time() * 1000
    version, *tokens = alice.bus(
        ["getLinuxBrokerVersion", {"msalCppVersion": "1.28.0"}],
        ["acquireTokenSilently", wanted(account=account)],
        ["acquireTokenSilently", {**wanted(), "account": {**account, "alternativeAccountId": "x"}}],
        ["acquireTokenSilently", wanted()],
        ["acquireTokenSilently", wanted(username=account["username"].upper())],
    )
    assert typed(version, ["linuxBrokerVersion"]) == {"linuxBrokerVersion": str}
    for reply in tokens:
        token = reply["brokerTokenResponse"]
        assert typed(token, TOKEN) == TOKEN, reply
        assert token["accessTokenType"] == 0
        assert now + 60_000 < token["expiresOn"] <= token["extendedExpiresOn"] < now + 100 * 3_600_000
        assert claims(token["accessToken"])["oid"] == account["localAccountId"]


def test_cookie_with_and_without_nonce(alice):
    account, = alice.accounts()
    url = "https://login.microsoftonline.com/common/oauth2/authorize?client_id=x&sso_nonce=AwABAAEAAAAD"
    with_nonce, without = alice.bus(
        ["acquirePrtSsoCookie", {"account": account, "ssoUrl": url}],
        ["acquirePrtSsoCookie", {"account": account, "ssoUrl": "https://login.microsoftonline.com/"}],
    )
    for cookie in (with_nonce, without):
        assert cookie["cookieName"] == "x-ms-RefreshTokenCredential"
        assert cookie["cookieItems"] == [{"cookieName": cookie["cookieName"], "cookieContent": cookie["cookieContent"]}]
    assert claims(with_nonce["cookieContent"])["request_nonce"] == "AwABAAEAAAAD"
    assert abs(int(claims(without["cookieContent"])["iat"]) - time.time()) < 60


def test_native_messaging_host(alice):
    account, = alice.accounts()
    online, accounts, version, token, cookie, unknown = alice.native(
        {"command": "getAccounts"}, {"command": "getVersion"}, {"command": "acquireTokenSilently", "account": account},
        {"command": "acquirePrtSsoCookie", "account": account, "ssoUrl": "https://login.microsoftonline.com/?sso_nonce=n1"}, {"command": "other"},
    )
    assert online == {"command": "brokerStateChanged", "message": "online"}
    assert accounts == {"command": "getAccounts", "message": {"accounts": [account]}}
    assert {"linuxBrokerVersion", "native"} == set(version["message"])
    assert claims(token["message"]["brokerTokenResponse"]["accessToken"])["oid"] == account["localAccountId"]
    assert claims(cookie["message"]["cookieContent"])["request_nonce"] == "n1"
    assert "error" in unknown["message"]


def test_other_users_get_nothing(lab, client, alice):
    account, = alice.accounts()
    assert failed(alice.bus(["acquireTokenSilently", wanted(username="somebody.else@contoso.com")])[0]) == "Invalid request for user!"
    local = Programs(lab, client, make_local(lab, "hostuser"))
    lab.out("loginctl", "enable-linger", "hostuser")
    uid = lab.out("id", "-u", "hostuser")
    wait_for(lambda: lab.run("test", "-S", f"/run/user/{uid}/bus").returncode == 0, 20, "no session bus of a local user")
    accounts, token, cookie = local.bus(
        ["getAccounts", {}], ["acquireTokenSilently", wanted(account=account)], ["acquirePrtSsoCookie", {"account": account, "ssoUrl": "https://login.microsoftonline.com/"}]
    )
    assert accounts == {"accounts": []}
    assert failed(token) == "Unable to find account"
    assert cookie["error"]["context"] == "Unable to find account"


def test_two_users_at_once_see_only_themselves(alice, bob):
    seen = {}

    def ask(user):
        account, = user.accounts()
        replies = user.bus(*[["acquireTokenSilently", wanted()] if number % 2 else ["getAccounts", {}] for number in range(60)],
                           ["acquirePrtSsoCookie", {"account": account, "ssoUrl": "https://login.microsoftonline.com/"}])
        seen[user.name] = (account["localAccountId"], replies)

    threads = [threading.Thread(target=ask, args=(user,)) for user in (alice, bob, alice, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen["alice"][0] != seen["bob"][0]
    for own, replies in seen.values():
        for reply in replies[:-1]:
            if "accounts" in reply:
                assert [account["localAccountId"] for account in reply["accounts"]] == [own]
            else:
                assert claims(reply["brokerTokenResponse"]["accessToken"])["oid"] == own
        assert replies[-1]["account"]["localAccountId"] == own


def test_a_hundred_calls_a_second(alice):
    good, seconds = alice.run("load", "300")
    assert good == 300
    assert seconds < 3 * 3, "a machine that runs all tests at once is slow"


def test_broker_killed_is_back_with_the_next_call(alice):
    before = alice.user_manager("show", "-P", "MainPID", "himmelblau-broker.service")
    assert before != "0"
    alice.user_manager("kill", "--signal=KILL", "himmelblau-broker.service")
    wait_for(lambda: alice.user_manager("show", "-P", "MainPID", "himmelblau-broker.service") not in ("0", before), 20, "the broker is not back")
    assert len(alice.accounts()) == 1


def test_daemon_restarted_or_killed_costs_no_sign_in(lab, alice):
    lab.restart()
    lab.await_daemon()
    assert alice.token()["accessToken"]
    pid = lab.daemon_pid()
    lab.out("kill", "-KILL", pid)
    wait_for(lambda: lab.daemon_pid() not in (None, pid), 30, "systemd did not start the daemon anew")
    lab.await_daemon()
    assert alice.token()["accessToken"]


def test_daemon_stopped(lab, alice):
    """An error at once; the programs and the native messaging host live on. A stop ends single sign-on, until the next sign-in (decision 0759)."""
    with lab.stopped():
        begin = time.monotonic()
        name, text = alice.bus(["acquireTokenSilently", wanted()])[0]["dbus_error"]
        assert (name, "himmelblaud is not running" in text) == ("org.freedesktop.DBus.Error.Failed", True)
        _, failure = alice.native({"command": "getAccounts"})
        assert "himmelblaud is not running" in failure["message"]["error"]
        assert time.monotonic() - begin < 20
    assert len(alice.accounts()) == 1
    assert alice.token()["error"]["context"] == "Failed to authenticate user"
    alice.sign_in_again()
    assert alice.token()["accessToken"]


def test_daemon_stuck(lab, alice):
    """The limit of a call is 30 seconds; the broker itself answers at once."""
    with lab.stuck():
        begin = time.monotonic()
        assert "did not answer in time" in alice.bus(["getAccounts", {}])[0]["dbus_error"][1]
        assert 25 < time.monotonic() - begin < 45
    assert len(alice.accounts()) == 1


def test_network_gone_and_back(lab, bob):
    bob.sign_in_again()
    account, = bob.accounts()
    fresh = {"command": "acquireTokenSilently", "account": account, "scopes": ["https://graph.microsoft.com/User.Read"]}
    with lab.offline():
        begin = time.monotonic()
        _, token, accounts = bob.native(fresh, {"command": "getAccounts"})
        assert token["message"]["brokerTokenResponse"]["error"]["context"]
        assert accounts["message"]["accounts"] == [account]
        assert time.monotonic() - begin < 45

    def back():
        return "accessToken" in bob.native(fresh)[1]["message"]["brokerTokenResponse"]

    wait_for(back, 60, "no token, though the network is back")


def test_interactive_call(lab, bob):
    """Without a display an error in words; no window where none is needed; the PIN where the program demands a sign-in or nobody has signed in."""
    bob.sign_in_again()
    demanded = ["acquireTokenInteractively", wanted(prompt="login")]
    silent, refused = bob.bus(["acquireTokenInteractively", wanted()], demanded)
    assert silent["brokerTokenResponse"]["accessToken"]
    assert "no display to ask on" in refused["dbus_error"][1]
    bob.user_manager("set-environment", "DISPLAY=:99")
    bob.user_manager("restart", "himmelblau-broker.service")
    reply, = bob.bus(["acquireTokenInteractively", wanted()])
    assert reply["brokerTokenResponse"]["accessToken"]
    assert bob.prompts() == 0
    reply, = bob.bus(demanded)
    assert reply["brokerTokenResponse"]["accessToken"], reply
    assert bob.prompts() == 1
    assert "SETDESC Use the Linux Hello PIN for this device.\nSETPROMPT PIN:" in lab.out("cat", f"/tmp/pinentry-{bob.name}")
    with lab.stopped():
        pass
    reply, = bob.bus(["acquirePrtSsoCookie", {"ssoUrl": "https://login.microsoftonline.com/"}])
    assert (reply["error"]["context"], bob.prompts()) == ("Failed to fetch prt sso cookie", 1)
    reply, = bob.bus(["acquireTokenInteractively", wanted()])
    assert claims(reply["brokerTokenResponse"]["accessToken"])["oid"] == bob.accounts()[0]["localAccountId"]
    assert bob.prompts() == 2
    assert bob.token()["accessToken"]


def has_single_sign_on(lab, name):
    return f"{name}@" in lab.out("aad-tool", "sso", "list")


def test_users_end_their_own(lab, alice, bob):
    alice.sign_in_again()
    bob.sign_in_again()
    done = lab.run("aad-tool", "sso", "forget", "--name", "bob", user="alice")
    assert (done.returncode, done.stderr) == (1, "To end it for another user, run this command as root.\n")
    assert lab.out("aad-tool", "sso", "forget", user="alice") == "success"
    assert alice.token()["error"]["context"] == "Failed to authenticate user"
    assert bob.token()["accessToken"]
    assert lab.run("aad-tool", "sso", "forget", user="alice").stderr == "Your account has no single sign-on on this host.\n"
    alice.sign_in_again()
    assert alice.token()["accessToken"]


def test_the_last_session_ends_it_where_that_is_enabled(lab, client):
    user = lab.new_user(local="carol").enrol()
    with sign_in(user) as session:
        session.leave()
    uid = lab.out("id", "-u", "carol")

    def gone():
        return lab.run("test", "-e", f"/run/user/{uid}").returncode != 0

    wait_for(gone, 40, "the user's systemd has not ended")
    assert has_single_sign_on(lab, "carol"), "a new session goes on with it"
    lab.out("systemctl", "--global", "enable", "himmelblau-sso-forget.service")
    try:
        with sign_in(user) as first:
            with sign_in(user) as second:
                second.leave()
            time.sleep(12)  # longer than systemd waits for a new session
            assert Programs(lab, client, "carol").token()["accessToken"], "another session is open"
            first.leave()
        wait_for(gone, 40, "the user's systemd has not ended")
        assert not has_single_sign_on(lab, "carol")
    finally:
        lab.out("systemctl", "--global", "disable", "himmelblau-sso-forget.service")


def test_nothing_of_it_is_in_a_log(lab, alice):
    alice.sign_in_again()
    token = alice.token()["accessToken"]
    account, = alice.accounts()
    cookie = alice.bus(["acquirePrtSsoCookie", {"account": account, "ssoUrl": "https://login.microsoftonline.com/?sso_nonce=nonce-in-no-log"}])[0]["cookieContent"]
    log = lab.out("journalctl", "--no-pager", "--output=cat", "--all") + lab.log()
    for secret in (token, cookie, token.split(".")[2], cookie.split(".")[2], "nonce-in-no-log", PIN):
        assert secret not in log
