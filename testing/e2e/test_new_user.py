"""A new user with an initial password and no second factor: from the account to a PIN that lasts, with a browser on another device."""

import base64
import hashlib
import hmac
import re
import struct
import time
from pathlib import Path

import pytest

from browser import Browser
from running_lab import DOMAIN, PIN, TerminalSession, User

INITIAL = "Initial-Pass-1"
CHOSEN = "Chosen-Horse-2"
ENDED = "The sign-in that this PIN renews has expired. Please sign in once more; your PIN stays the same.\n"
NOT_HERE = (
    "Multi-factor authentication required. This account has no second factor yet, and none can be set up during this sign-in. "
    "Sign in at the screen and keyboard of this computer, or register a method at https://aka.ms/mfasetup from another device, then try again."
)


@pytest.fixture
def fresh(another):
    """A host that is not joined."""
    return lambda text="": another(text, name="new-user")


def new_user(lab, name="newcomer"):
    upn = f"{name}@{DOMAIN}"
    lab.tenant("user", "add", upn, "--password", INITIAL, "--password-expired", "--name", name)
    lab.await_name(name)
    return User(lab, name, upn, INITIAL)


def device_code(session):
    """The address and the code that the terminal shows."""
    return session.terminal.until(
        r"open the page (\S+) and enter the code (\w+) to authenticate\.", want_match=True
    ).groups()


def sign_in(browser, user, address, code, password):
    browser.open(address)
    assert browser.page.title == "Enter code"
    browser.submit("Next", otc=code)
    assert browser.page.title == "Sign in"
    return browser.submit("Sign in", login=user.upn, passwd=password)


def change_password(browser):
    assert browser.page.title == "Update your password"
    browser.submit("Sign in", currentpasswd=INITIAL, newpasswd=CHOSEN, confirmnewpasswd=CHOSEN)
    assert browser.page.title == "More information required"
    browser.submit("Next")


def totp(secret, later=0):
    """later: of one of the next half minutes, because no code is accepted twice."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + later), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


def set_up_other_app(browser):
    browser.submit("I want to use a different authenticator app")
    secret = browser.page.texts["secret"]
    browser.submit("Next", otc=totp(secret))
    finish(browser)
    return secret


def set_up_authenticator(browser, user):
    browser.submit("Microsoft Authenticator")
    browser.submit("Next")
    user.approve(browser.page.texts["number"])
    browser.submit("Next")
    finish(browser)


def finish(browser):
    assert browser.page.title == "Success!", browser.page.texts
    browser.submit("Done")
    assert browser.page.texts["message"].startswith("You have signed in")


def joined(lab):
    return bool(lab.tenant("device", "list").stdout.strip())


def signs_in_with_pin(user):
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        assert session.ask("id -un") == user.name
        assert session.leave() == 0


def signs_in_with_a_pin_that_the_directory_has_no_key_of(lab, user):
    signs_in_with_pin(user)
    assert [entry for entry in lab.requests() if entry["path"].startswith("/EnrollmentServer/key")] == []


def test_the_whole_story_over_ssh(fresh):
    lab = fresh()
    user = new_user(lab)
    with user.ssh(timeout=60) as session:
        session.password(INITIAL)
        address, code = device_code(session)
        session.terminal.until("Press enter to continue")
        browser = Browser(lab)
        sign_in(browser, user, address, code, INITIAL)
        change_password(browser)
        assert not joined(lab), "nothing happens on the host before the sign-in is complete"
        assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0
        secret = set_up_other_app(browser)
        session.enter()
        session.new_pin(PIN)
        session.shell()
        assert session.ask("id -un") == user.name
        assert session.leave() == 0
    assert joined(lab)
    signs_in_with_a_pin_that_the_directory_has_no_key_of(lab, user)
    with lab.offline():
        signs_in_with_pin(user)

    lab.tenant("revoke", user.upn)
    with user.ssh(timeout=60) as session:
        session.pin(PIN)
        before = session.terminal.until(re.escape("Press enter to continue"))
        assert ENDED in before and "Password" not in before
        code = re.search(r"enter the code (\w+) to authenticate", before)[1]
        browser = Browser(lab)
        sign_in(browser, user, address, code, CHOSEN)
        browser.second_factor("PhoneAppOTP", totp(secret, later=1))
        assert browser.page.texts["message"].startswith("You have signed in")
        session.enter()
        assert "Set up a PIN" not in session.shell()
        assert session.leave() == 0
    signs_in_with_pin(user)
    with lab.offline():
        signs_in_with_pin(user)
    for part in ("daemon", "tasks", "sshd"):
        text = lab.log(part)
        assert INITIAL not in text and CHOSEN not in text and PIN not in text


def test_the_whole_story_at_the_console_with_the_authenticator(fresh):
    lab = fresh("allow_remote_registration = false")
    user = new_user(lab)
    assert_refused_over_ssh(lab, new_user(lab, "other"), new_password=True)
    lab.tenant("user", "add", f"plain@{DOMAIN}", "--password", INITIAL, "--name", "plain")
    lab.await_name("plain")
    assert_refused_over_ssh(lab, User(lab, "plain", f"plain@{DOMAIN}", INITIAL), new_password=False)

    with user.console(timeout=60) as session:
        session.password(INITIAL)
        address, code = device_code(session)
        browser = Browser(lab)
        sign_in(browser, user, address, code, INITIAL)
        change_password(browser)
        set_up_authenticator(browser, user)
        picture = session.terminal.until("(?=Set up a PIN)")
        assert set(picture) <= set(" \n\u2580\u2584\u2588"), "a picture of the address, and nothing else"
        session.new_pin(PIN)
        session.shell()
        assert session.ask("id -un") == user.name
    assert joined(lab)
    signs_in_with_pin(user)


def assert_refused_over_ssh(lab, user, new_password):
    with user.ssh(level="INFO") as session:
        session.password(INITIAL)
        if new_password:
            session.terminal.until("Update your password")
            session.terminal.until("New password: ")
            session.say(CHOSEN)
            session.terminal.until("Confirm password: ")
            session.say(CHOSEN)
        assert session.terminal.end() != 0
        said = session.terminal.transcript()
        assert NOT_HERE in said and said.count("Id Password: ") == 1, "sshd does not ask again"
    assert not joined(lab)
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0


def test_an_initial_password_at_su(fresh):
    """Works there as at the console, also for a caller who is somebody else."""
    lab = fresh()
    lab.local("neighbour")
    user = new_user(lab)
    with TerminalSession(lab.terminal(*lab.as_user("neighbour", "su", "-", user.name), timeout=60)) as session:
        session.password(INITIAL)
        address, code = device_code(session)
        browser = Browser(lab)
        sign_in(browser, user, address, code, INITIAL)
        change_password(browser)
        set_up_other_app(browser)
        session.terminal.until("(?=Set up a PIN)")
        session.new_pin(PIN)
        session.terminal.until(r"\$ $")
    assert joined(lab)
    signs_in_with_pin(user)


def test_an_initial_password_at_sudo(fresh):
    """Its part is played, as root: who has a shell to call it from has mostly signed in before."""
    lab = fresh()
    client = lab.put(Path(__file__).with_name("pam_client.py"))
    user = new_user(lab)
    with TerminalSession(lab.terminal("python3", client, "dialog", "sudo", user.name, "--account", timeout=60)) as session:
        session.password(INITIAL)
        address, code = device_code(session)
        browser = Browser(lab)
        sign_in(browser, user, address, code, INITIAL)
        change_password(browser)
        set_up_other_app(browser)
        session.terminal.until("(?=Set up a PIN)")
        session.new_pin(PIN)
        session.terminal.until("ended 0")
    assert joined(lab)


def test_another_account_in_the_browser_is_refused(fresh):
    lab = fresh()
    user = new_user(lab)
    with user.ssh(timeout=60, level="INFO") as session:
        session.password(INITIAL)
        _, code = device_code(session)
        session.terminal.until("Press enter to continue")
        lab.tenant("devicecode", "approve", code, "--user", f"user02@{DOMAIN}")
        session.enter()
        session.terminal.until(re.escape(f"Authenticated user user02@{DOMAIN} does not match requested user"))
    assert not joined(lab)
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0
