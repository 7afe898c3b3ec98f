"""Security keys at the console: login, su and sudo, through the real libfido2 and a key in software. The transcripts of docs/security-keys.md are from here."""

import subprocess
import time

import pytest

from conftest import here
from leaks import settles, state
from running_lab import LAB, PASSWORD, PIN, RunningLab
from security_keys import ASK_PIN, INSERT, TOUCH, SecurityKeys

KEY_PIN = "8642"
SECONDS = 20  # a busy machine needs some to pull a key out
NONE_FOUND = "No security key of your account was found.\n"


def with_keys(conf, name, text):
    lab = RunningLab(here(name), conf(f"enable_passwordless_security_key = true\nfido_timeout = {SECONDS}\n{text}"))
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up()
    lab.await_name("user02")
    return lab, SecurityKeys(lab)


@pytest.fixture(scope="module")
def host(conf):
    """One without PINs of the host, so that each sign-in asks for the key."""
    lab, keys = with_keys(conf, "e2e-fido", "enable_hello = false\n")
    yield lab, keys
    lab.down()


@pytest.fixture(scope="module")
def lab(host):
    return host[0]


@pytest.fixture(scope="module")
def keys(host):
    return host[1]


def passkey_only(lab):
    """An account that has nothing else."""
    return lab.new_user(mfa="FidoKey", password="")


def second_factor(lab, others=""):
    return lab.new_user(mfa=f"FidoKey{others}")


def in_shell(session, user):
    session.shell()
    assert session.ask("id -un") == user.name
    assert session.leave() == 0


def test_a_passkey_is_asked_for_and_nothing_else_on_a_host_never_joined(conf):
    lab, keys = with_keys(conf, "e2e-fido-new", "")
    try:
        assert "entra.join" not in lab.log()
        user = passkey_only(lab)
        with keys.make(KEY_PIN).register(user):
            with user.console() as session:
                session.see(ASK_PIN)
                session.say(KEY_PIN)
                session.see(TOUCH)
                session.new_pin(PIN)
                in_shell(session, user)
        with user.console() as session:
            session.pin(PIN)
            in_shell(session, user)
        log = lab.log()
        assert "fido.key.signed" in log and KEY_PIN not in log
    finally:
        lab.down()


def test_a_passkey_signs_in_and_opens_sudo(lab, keys):
    user = passkey_only(lab)
    lab.write(f"/etc/sudoers.d/{user.name}", f"{user.name} ALL=(root) /usr/bin/id\n")
    lab.out("chmod", "0440", f"/etc/sudoers.d/{user.name}")
    with keys.make(KEY_PIN).register(user):
        with user.console() as session:
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            session.shell()
            session.say("sudo id -un")
            assert "assword" not in session.terminal.until(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            assert session.shell().split()[0] == "root"
            session.leave()


def test_as_second_factor_after_the_password(lab, keys):
    user = second_factor(lab)
    with keys.make().register(user):
        with user.console() as session:
            # Without a PIN the key is no first factor.
            session.see("This security key has no PIN, so it cannot replace a password. Set a PIN in a web browser, then try again.\n")
            session.password(PASSWORD)
            session.see(TOUCH)
            in_shell(session, user)


def test_su_with_a_key_as_second_factor_that_is_forced(another):
    lab = another(f"allow_console_password_only = false\nenable_hello = false\nfido_timeout = {SECONDS}\n", name="e2e-fido-second")
    keys = SecurityKeys(lab)
    user = second_factor(lab)
    with keys.make(KEY_PIN).register(user) as key:
        with user.console() as session:
            session.password(PASSWORD)
            session.see(ASK_PIN)
            session.say("1111")
            session.see("Wrong PIN! You have 7 attempts left.\n" + ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            in_shell(session, user)
        assert key.tries() == 8
        neighbour = lab.local("neighbour")
        session = lab.terminal(*lab.as_user(neighbour, "su", "-l", user.name))
        with session:
            session.see("Use the password for your Office 365 or Microsoft online login.\nEntra Id Password: ")
            session.type(PASSWORD)
            session.see(ASK_PIN)
            session.type(KEY_PIN)
            session.see(TOUCH)
            session.until(r"\$ $")


def test_wrong_pins_tell_the_tries_left(lab, keys):
    user = passkey_only(lab)
    with keys.make(KEY_PIN).register(user) as key:
        with user.console() as session:
            session.see(ASK_PIN)
            session.say("1111")
            session.see("Wrong PIN! You have 7 attempts left.\n" + ASK_PIN)
            session.say("2222")
            session.see("Wrong PIN! You have 6 attempts left.\n" + ASK_PIN)
            session.say("3333")
            session.terminal.until("Your device has been temporarily blocked. Please unplug it and plug in again.\n")
        assert key.tries() == 5
        key.insert()  # again
        with user.console() as session:
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            in_shell(session, user)


def test_pulled_out_and_put_in_again(lab, keys):
    user = passkey_only(lab)
    key = keys.make(KEY_PIN).register(user)
    key.hold()
    with key:
        with user.console() as session:
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            key.remove()
            session.see("The security key was removed. Please insert it again.\n")
            key.insert()
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            key.touch()
            in_shell(session, user)


def test_a_wrong_key_and_then_the_right_one(lab, keys):
    user, other = passkey_only(lab), passkey_only(lab)
    right = keys.make(KEY_PIN).register(user)
    with keys.make(KEY_PIN).register(other):
        with user.console() as session:
            session.see("This security key is not registered for your account. Please insert another one.\n")
            right.insert()
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            in_shell(session, user)
    right.remove()


def test_without_the_key_the_password_and_another_factor_are_next(lab, keys):
    user = second_factor(lab, ",PhoneAppOTP")
    keys.make(KEY_PIN).register(user)
    with user.console() as session:
        session.see(INSERT)
        session.password(PASSWORD, before=NONE_FOUND)
        # The key is not waited for once more.
        session.see("For another way to sign in, type ? and press Enter.\nPlease enter the code shown in your authenticator app:\nCode: ")
        session.say(lab.tenant("otp", user.upn).stdout.strip())
        in_shell(session, user)


def test_who_has_another_default_is_not_kept_waiting(lab, keys):
    user = lab.new_user(mfa="PhoneAppNotification,FidoKey")
    keys.make(KEY_PIN).register(user)
    with user.console() as session:
        session.password(PASSWORD, before=NONE_FOUND)
        user.approve(session.number(press_enter=False))
        in_shell(session, user)


def test_without_the_key_and_without_a_password_it_is_refused(lab, keys):
    user = passkey_only(lab)
    keys.make(KEY_PIN).register(user)
    with user.console() as session:
        session.see(INSERT)
        text = session.terminal.until("PAM_MAXTRIES|PAM_AUTH_ERR|Login incorrect", want_match=False)
        assert "assword" not in text, text
        assert NONE_FOUND.strip() in session.terminal.transcript()


def test_nobody_touches_the_key(lab, keys):
    user = passkey_only(lab)
    key = keys.make(KEY_PIN).register(user)
    key.hold()
    with key:
        with user.console() as session:
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            begun = time.monotonic()
            session.see("Authentication timed out. Please try again.\n", timeout=SECONDS + 30)
            assert time.monotonic() - begun > SECONDS - 2
            # It starts over, and the key is free.
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            key.touch()
            in_shell(session, user)


def test_the_service_goes_away_while_the_key_waits(lab, keys):
    user = passkey_only(lab)
    key = keys.make(KEY_PIN).register(user)
    key.hold()
    with key:
        with user.console(timeout=90) as session:
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            with lab.offline():
                key.touch()
                session.terminal.until("Unable to reach authentication server|Network outage detected")
        assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0
        assert f"login.ok account={user.upn}" not in lab.log()


def test_the_user_goes_away_and_the_key_is_free(lab, keys):
    before = state(lab)
    user = passkey_only(lab)
    key = keys.make(KEY_PIN).register(user)
    key.hold()
    with key:
        session = user.console()
        session.see(ASK_PIN)
        session.say(KEY_PIN)
        session.see(TOUCH)
        session.terminal.close()
        settles(lab, before, seconds=SECONDS - 5)  # before the time for a touch is over
        with user.console() as session:
            session.see(ASK_PIN)
            session.say(KEY_PIN)
            session.see(TOUCH)
            key.touch()
            in_shell(session, user)


def test_is_not_offered_over_the_network(lab, keys):
    user = second_factor(lab, ",PhoneAppNotification")
    with keys.make(KEY_PIN).register(user):
        with user.ssh() as session:
            session.password(PASSWORD)
            user.approve(session.number())
            session.enter()
            session.shell()
            assert session.leave() == 0
    assert "fido" not in "".join(line for line in lab.log().splitlines() if user.name in line)
