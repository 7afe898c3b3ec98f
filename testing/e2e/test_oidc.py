"""Users of a real Keycloak realm sign in to a host: by a code in a browser, then by PIN, online and offline."""

import contextlib
import re
import subprocess
import sys
import time

import pytest

from conftest import here
from running_lab import LAB, PIN, ROOT, RunningLab

sys.path.insert(0, str(ROOT / "testing/keycloak"))
from keycloak import ISSUER, PASSWORD, Keycloak  # noqa: E402

DOMAIN = "corp.example"
OPTIONS = f"""
oidc_issuer_url = {ISSUER}
app_id = hosts-corp
oidc_multi_factor_acr = 1
"""
CODE = r"Using a browser on another device, visit:\s+(https://\S+)"
DISABLED = "Your account is disabled at the identity provider. Please ask your administrator."
OTHER = "Another account than alice@corp.example signed in with the browser. Please sign in there as alice@corp.example."


CONF = "/etc/himmelblau/himmelblau.conf"
ENDED = "The sign-in that this PIN renews has expired. Please sign in once more; your PIN stays the same."
NOT_ALLOWED = "The identity provider does not allow this host to sign users in. Please ask your administrator."


@pytest.fixture(scope="module")
def realm(conf, tmp_path_factory):
    """(lab, Keycloak)"""
    lab = RunningLab(here("e2e-oidc"), conf(OPTIONS, domain=DOMAIN))
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up()
    keycloak = Keycloak(lab, tmp_path_factory.mktemp("keycloak"), {"corp": ("dave", "erin", "frank", "grace", "heidi")})
    try:
        keycloak.start()
        lab.restart()  # for the authority of the issuer
        lab.await_daemon()
        yield lab, keycloak
    finally:
        keycloak.close()
        lab.down()


@contextlib.contextmanager
def with_a_code(lab, keycloak, name, browser):
    """At the prompt for a new PIN, or refused."""
    session = lab.ssh(name, timeout=90)
    with session:
        address = session.terminal.until(CODE, want_match=True)[1]
        session.terminal.until("Press enter to continue")
        keycloak.complete(address, browser)
        session.enter()
        yield session


def enrolled(lab, keycloak, name):
    """Has signed in with a code and chosen a PIN."""
    with with_a_code(lab, keycloak, f"{name}@{DOMAIN}", name) as session:
        session.terminal.until("New PIN: ")
        session.say(PIN)
        session.terminal.until("Confirm PIN: ")
        session.say(PIN)
        session.shell()
        session.groups = session.ask("id -Gn")
        session.leave()
    return session


@pytest.fixture(scope="module")
def alice(realm):
    return enrolled(*realm, "alice")


def with_pin(lab, name="alice"):
    with lab.ssh(name, timeout=60) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.shell()
        who = session.ask("id -un")
        session.leave()
    return who


def test_a_name_that_nobody_has_signed_in_with_is_found_in_full_only(realm):
    lab, _ = realm
    assert lab.run("getent", "-s", "himmelblau", "passwd", "carol").returncode != 0
    uid = lab.out("getent", "-s", "himmelblau", "passwd", f"carol@{DOMAIN}").split(":")[2]
    assert lab.run("getent", "-s", "himmelblau", "passwd", uid).returncode != 0, "nothing is kept of it"


def test_another_user_completes_the_code(realm):
    lab, keycloak = realm
    with with_a_code(lab, keycloak, f"alice@{DOMAIN}", "bob") as session:
        session.terminal.until(re.escape(OTHER))
    assert lab.run("test", "-e", f"/home/alice@{DOMAIN}").returncode != 0
    assert f"login.ok account=alice@{DOMAIN}" not in lab.log()


def test_a_user_declines(realm):
    lab, keycloak = realm
    with lab.ssh(f"alice@{DOMAIN}", timeout=90) as session:
        address = session.terminal.until(CODE, want_match=True)[1]
        keycloak.complete(address, "alice", consent="no")
        session.enter()
        session.terminal.until("Authentication failed. Please try again.")
    assert f"login.ok account=alice@{DOMAIN}" not in lab.log()


def test_the_first_sign_in_makes_an_account_with_groups(realm, alice):
    lab, _ = realm
    assert {"crew", "linux"} <= set(alice.groups.split()), alice.groups
    assert lab.run("test", "-d", f"/home/alice@{DOMAIN}").returncode == 0
    assert "alice" in lab.out("getent", "passwd", "alice"), "the short name is known now"


def test_the_pin_signs_in(realm, alice):
    assert with_pin(realm[0]) in ("alice", f"alice@{DOMAIN}")


def test_a_new_key_of_the_realm_ends_nothing(realm, alice):
    lab, keycloak = realm
    keycloak.admin("new-key")
    assert "alice" in with_pin(lab)


def test_a_disabled_user_is_told_so(realm, alice):
    lab, keycloak = realm
    keycloak.admin("disable", "alice")
    with lab.ssh("alice", timeout=60, level="INFO") as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until(re.escape(DISABLED))
    keycloak.admin("enable", "alice")
    # What is disabled has lost its session: a code in the browser once more, and the PIN stays.
    with lab.ssh("alice", timeout=90) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        address = session.terminal.until(CODE, want_match=True)[1]
        session.terminal.until("Press enter to continue")
        keycloak.complete(address, "alice")
        session.enter()
        session.shell()
        session.leave()
    assert "alice" in with_pin(lab)


def test_a_session_that_was_revoked_ends_the_renewal_and_not_the_pin(realm, alice):
    lab, keycloak = realm
    keycloak.admin("logout", "alice")
    with lab.ssh("alice", timeout=90) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until(re.escape(ENDED))
        address = session.terminal.until(CODE, want_match=True)[1]
        session.terminal.until("Press enter to continue")
        keycloak.complete(address, "alice")
        session.enter()
        session.shell()
        session.leave()
    assert "alice" in with_pin(lab)


def test_an_offline_token_that_expired_ends_the_renewal_and_not_the_pin(realm, alice):
    lab, keycloak = realm
    keycloak.admin("offline-life", "1")
    try:
        with lab.ssh("alice", timeout=90) as session:
            session.terminal.until("PIN: ")
            session.say(PIN)
            session.terminal.until(re.escape(ENDED))
            keycloak.admin("offline-life", "unlimited")
            address = session.terminal.until(CODE, want_match=True)[1]
            session.terminal.until("Press enter to continue")
            keycloak.complete(address, "alice")
            session.enter()
            session.shell()
            session.leave()
    finally:
        keycloak.admin("offline-life", "unlimited")
    assert "alice" in with_pin(lab)


@pytest.fixture(scope="module")
def deleted(realm):
    """A user with a PIN whom the realm has no more."""
    lab, keycloak = realm
    enrolled(lab, keycloak, "erin")
    assert "erin" in with_pin(lab, "erin")
    keycloak.admin("delete", "erin")
    return "erin"


def test_a_deleted_user_is_asked_to_sign_in_anew_and_cannot(realm, deleted):
    lab, keycloak = realm
    begin = len(lab.log())
    with lab.ssh(deleted, timeout=90) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until(re.escape(ENDED))
        address = session.terminal.until(CODE, want_match=True)[1]
        session.terminal.until("Press enter to continue")
        keycloak.complete(address, "bob")
        session.enter()
        session.terminal.until(re.escape(OTHER.replace("alice", deleted)))
    assert f"login.ok account={deleted}@" not in lab.log()[begin:]


def configure(lab, text):
    begin = len(lab.log())
    lab.write(CONF, text)
    end = time.monotonic() + 20
    while f"domain.ready domain={DOMAIN}" not in lab.log()[begin:]:
        assert time.monotonic() < end, "the changed file takes no effect"
        time.sleep(0.2)
    return begin


@contextlib.contextmanager
def configured(lab, **options):
    """The running host has these options in place of app_id alone."""
    before = lab.out("cat", CONF)
    begin = configure(lab, before.replace("app_id = hosts-corp", "\n".join(f"{name} = {value}" for name, value in options.items())))
    try:
        yield begin
    finally:
        configure(lab, before)


SECRET = "Confidential: 100% +/&"  # of realm.json


def store(lab, secret):
    done = lab.run("aad-tool", "oidc", "secret", "--domain", DOMAIN, text=f"{secret}\n")
    assert done.returncode == 0 and secret not in done.stdout + done.stderr, done


def status(lab):
    return lab.run("aad-tool", "status").stderr


def not_allowed(lab, name):
    with lab.ssh(f"{name}@{DOMAIN}", timeout=60, level="INFO") as session:
        session.terminal.until(re.escape(NOT_ALLOWED))


def test_a_host_proves_with_a_secret_which_client_it_is(realm):
    lab, keycloak = realm
    command = f"aad-tool oidc secret --domain {DOMAIN}"
    with configured(lab, app_id="secret-corp", oidc_client_auth="client_secret_basic") as begin:
        assert command in status(lab), "there is none"
        store(lab, "wrong")
        assert command not in status(lab)
        not_allowed(lab, "frank")
        assert f"{DOMAIN}: the issuer refused this host as client secret-corp" in status(lab) and command in status(lab)
        assert "domain.client_refused" in lab.log()[begin:]
        store(lab, SECRET)
        assert "crew" in enrolled(lab, keycloak, "frank").groups.split()
        assert "refused this host" not in status(lab)
        assert "frank" in with_pin(lab, "frank")
    with configured(lab, app_id="secret-corp", oidc_client_auth="client_secret_post"):
        assert "frank" in with_pin(lab, "frank")
        lab.out("aad-tool", "oidc", "secret", "--domain", DOMAIN, "--delete")
        assert command in status(lab)
    assert SECRET not in lab.log()[begin:]
    found = lab.run("grep", "-rlaF", SECRET, "/etc/himmelblau", "/var/lib/himmelblaud", "/var/cache/himmelblaud")
    assert (found.returncode, found.stdout) == (1, ""), "in no file"


def test_a_password_at_this_host_is_one_factor(realm):
    lab, keycloak = realm
    with configured(lab, app_id="typed-corp", oidc_password_grant="true") as begin:
        # At the console it is enough; Keycloak gives it the acr that stands for two factors of its pages.
        done = lab.run("pamtester", "login", f"grace@{DOMAIN}", "authenticate", text=f"wrong\n{PASSWORD}\n", timeout=90)
        assert done.returncode == 0, done
        assert lab.log()[begin:].count(f"account=grace@{DOMAIN} reason=WRONG_PASSWORD") == 1
        assert "domain.client_refused" not in lab.log()[begin:], "Keycloak answers a wrong password with status 401"
        # Over the network the code follows.
        with lab.ssh(f"heidi@{DOMAIN}", timeout=90) as session:
            session.terminal.until(f"Use your password for {DOMAIN}.")
            session.terminal.until("Password: ")
            session.say(PASSWORD)
            address = session.terminal.until(CODE, want_match=True)[1]
            session.terminal.until("Press enter to continue")
            keycloak.complete(address, "heidi")
            session.enter()
            session.terminal.until("New PIN: ")
            session.say(PIN)
            session.terminal.until("Confirm PIN: ")
            session.say(PIN)
            session.shell()
            session.leave()
        assert PASSWORD not in lab.log()[begin:]


def test_a_client_that_may_not_use_passwords_is_told_so(realm):
    lab, _ = realm
    with configured(lab, app_id="hosts-corp", oidc_password_grant="true"):
        done = lab.run("pamtester", "login", f"carol@{DOMAIN}", "authenticate", text=f"{PASSWORD}\n", timeout=60)
        assert done.returncode != 0 and NOT_ALLOWED in done.stdout + done.stderr, done


def test_a_host_proves_with_a_key_which_client_it_is(realm):
    lab, keycloak = realm
    keys = lab.out("aad-tool", "oidc", "key", "--domain", DOMAIN)
    keycloak.admin("client-keys", "keyed-corp", keys)
    before = lab.out("cat", CONF)
    begin = len(lab.log())
    lab.write(CONF, before.replace("app_id = hosts-corp", "app_id = keyed-corp\noidc_client_auth = private_key_jwt"))
    end = time.monotonic() + 20
    while f"domain.ready domain={DOMAIN}" not in lab.log()[begin:]:
        assert time.monotonic() < end, "the changed file takes no effect"
        time.sleep(0.2)
    try:
        # The groups of this client's users are not in their ID tokens.
        assert "crew" in enrolled(lab, keycloak, "dave").groups.split()
        assert "dave" in with_pin(lab, "dave")
        assert lab.out("aad-tool", "oidc", "key", "--domain", DOMAIN) == keys
        assert lab.out("aad-tool", "oidc", "key", "--domain", DOMAIN, "--new") != keys
        with lab.ssh("dave", timeout=60, level="INFO") as session:
            session.terminal.until("PIN: ")
            session.say(PIN)
            session.terminal.until(re.escape(NOT_ALLOWED))
        assert "eyJ" not in lab.log()[begin:]
    finally:
        lab.write(CONF, before)


def test_without_the_issuer_the_pin_works(realm, alice, deleted):
    lab, keycloak = realm
    keycloak.close()
    assert "alice" in with_pin(lab)
    with lab.ssh(deleted, timeout=60) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until("Offline auth has expired. Please connect to the network to continue.")
    with lab.ssh(f"bob@{DOMAIN}", timeout=60) as session:
        session.terminal.until("Permission denied")
    assert f"login.ok account=bob@{DOMAIN}" not in lab.log()
