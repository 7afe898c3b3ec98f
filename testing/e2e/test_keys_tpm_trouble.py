"""The TPM taken away, cleared, locked, with an owner password, killed: refused with a reason, nothing lost, no software instead."""

import contextlib
import shutil

import pytest

from keys import refused, signs_in
from running_lab import PIN, TerminalSession
from test_explain import explain, is_documented

BOUND = ["tpm_bound_soft_if_possible", "tpm"]
HARDWARE = "Authentication failed: Security hardware error.\n"


def enrolled(keys, hsm_type):
    keys.begin(hsm_type)
    return keys.lab.new_user().enrol()


def assert_refused(keys, user, *reasons):
    assert not keys.open()
    for text in (keys.status(), keys.tpm(), keys.lab.log()):
        for reason in reasons:
            assert reason in text
    assert "the keys of this computer cannot be opened" in refused(keys.lab, user)
    assert "soft, in use, can be opened with the HSM PIN file alone" not in keys.tpm(), "no software instead"


@pytest.mark.parametrize("hsm_type", ["tpm_bound_soft_if_possible", "tpm_if_possible"])
def test_taken_away(keys, hsm_type):
    user = enrolled(keys, hsm_type)
    with keys.away():
        assert_refused(keys, user, "bound to the TPM, which cannot be used now", "There is no fallback to software keys")
        assert "TPM configured but NOT reachable" in keys.tpm()
    signs_in(user)


def test_comes_back_under_a_daemon_that_waits(keys):
    user = enrolled(keys, "tpm")
    keys.lab.lab("stop", "daemon")
    keys.stop_tpm()
    keys.lab.start()
    assert_refused(keys, user, "bound to the TPM, which cannot be used now")
    keys.lab.start("tpm")
    keys.await_open()
    signs_in(user)


@contextlib.contextmanager
def without_tpm(keys):
    keys.stop_tpm()
    try:
        yield
    finally:
        keys.lab.start("tpm")


def test_taken_away_from_a_running_daemon(keys):
    """A PIN in the TPM is refused, with the reason, and does not count; with the TPM back it works, without a restart."""
    user = enrolled(keys, "tpm")
    with without_tpm(keys):
        for _ in range(3):
            with user.ssh(timeout=30) as session:
                session.pin(PIN)
                session.see(HARDWARE + "The connection to the TPM failed")
        assert "need the TPM, which cannot be used now" in keys.status()
    signs_in(user)


def test_a_bound_soft_key_goes_on_until_the_next_start(keys):
    user = enrolled(keys, "tpm_bound_soft_if_possible")
    with without_tpm(keys):
        signs_in(user)
        assert "need the TPM, which cannot be used now" in keys.status()
        keys.lab.restart()
        assert not keys.open()
    keys.await_open()
    signs_in(user)
    assert keys.status() == "working!\n"


@contextlib.contextmanager
def cleared(keys):
    """The chip forgets; afterwards the old one is back."""
    state = keys.place / "tpm"
    keys.stop_tpm()
    shutil.copytree(state, keys.place / "tpm.before", dirs_exist_ok=True)
    keys.lab.start("tpm")
    keys.tpm2("clear", "-c", "platform")
    try:
        yield
    finally:
        keys.stop_tpm()
        shutil.rmtree(state)
        shutil.move(keys.place / "tpm.before", state)
        keys.lab.start("tpm")


@pytest.mark.parametrize("hsm_type", BOUND)
def test_cleared(keys, hsm_type):
    user = enrolled(keys, hsm_type)
    with cleared(keys):
        if hsm_type == "tpm":  # also under a running daemon
            with user.ssh(timeout=30) as session:
                session.pin(PIN)
                session.terminal.until("Security hardware error")
        keys.lab.restart()
        assert_refused(keys, user, "this TPM was cleared", "Restore the original")
        if hsm_type == "tpm":
            code, found, text = explain(keys.lab, user.name, "--service", "polkit-1")
            assert code == 1 and found["key-store"] == "NO", text
            is_documented(text, "aad-tool explain ada --service polkit-1", user.name)
        keys.await_no_handles()
    keys.await_open()
    signs_in(user)


@contextlib.contextmanager
def locked(keys):
    """Somebody else's wrong guesses have locked the chip; 10 minutes each."""
    keys.tpm2("dictionarylockout", "--setup-parameters", "--max-tries=1", "--recovery-time=600", "--lockout-recovery-time=600")
    keys.tpm2("createprimary", "-C", "owner", "-p", "right", "-c", "/tmp/guarded")
    keys.tpm2("create", "-C", "/tmp/guarded", "-P", "wrong", "-u", "/tmp/pub", "-r", "/tmp/priv", check=False)
    keys.tpm2("flushcontext", "--transient-object")
    try:
        yield
    finally:
        keys.tpm2("dictionarylockout", "--clear-lockout")
        keys.tpm2("dictionarylockout", "--setup-parameters", "--max-tries=3", "--recovery-time=1000", "--lockout-recovery-time=1000")


LOCKED = (
    HARDWARE + "The TPM is in lockout after too many wrong attempts. PINs can be tried again after at most 10 minutes;"
    " signing in without the PIN still works\n"
)


def test_locked(keys):
    """Says so and for how long, does not count, and lets users in without the PIN, which stays as it was."""
    user = enrolled(keys, "tpm")
    with locked(keys):
        assert "Lockout: in lockout" in keys.tpm()
        assert "one is forgotten every 10 minutes" in keys.tpm()
        for _ in range(3):
            with user.ssh(timeout=30) as session:
                session.pin(PIN)
                session.see(LOCKED + TerminalSession.PASSWORD)
        with user.ssh(timeout=30) as session:
            session.pin(PIN)
            session.password(user.password, before=LOCKED)
            user.approve(session.number())
            session.enter()
            assert "PIN" not in session.shell(), "the PIN that works again later is not replaced"
            assert session.ask("id -un") == user.name
        keys.lab.restart()
        assert keys.open(), "a lockout keeps nobody's keys closed"
    signs_in(user)


def test_locked_does_not_concern_keys_in_software(keys):
    user = enrolled(keys, "tpm_bound_soft_if_possible")
    with locked(keys):
        keys.lab.restart()
        signs_in(user)


def test_owner_password(keys):
    """Named as what it is, under each start; without it all is as before."""
    user = enrolled(keys, "tpm")
    keys.tpm2("changeauth", "-c", "owner", "secret")
    try:
        keys.lab.restart()
        assert_refused(keys, user, "owner hierarchy has a password", "tpm2_changeauth -c owner -p OLD-PASSWORD")
    finally:
        keys.tpm2("changeauth", "-c", "owner", "-p", "secret")
    keys.await_open()
    signs_in(user)


def kill_in_the_middle(keys):
    """The TPM dies while it holds the daemon's command."""
    keys.lab.out("sleep", "1.5")
    keys.lab.lab("kill", "tpm")


def test_killed_while_it_checks_a_pin(keys):
    user = enrolled(keys, "tpm")
    with user.ssh(timeout=30) as session:
        session.see(TerminalSession.ASK_PIN)
        keys.lab.lab("kill", "--signal", "STOP", "tpm")
        session.say(PIN)
        kill_in_the_middle(keys)
        session.see(HARDWARE + "The connection to the TPM failed")
    keys.lab.start("tpm")
    signs_in(user)
    assert keys.handles() == {}


def test_killed_while_it_makes_a_key(keys):
    """Who is signed in gets in without a PIN; the next sign-in sets one up."""
    keys.begin("tpm")
    user = keys.lab.new_user()
    with user.ssh(timeout=40) as session:
        session.password(user.password)
        user.approve(session.number())
        session.enter()
        session.see(TerminalSession.SET_UP.format(length=6) + "New PIN: ")
        session.say(PIN)
        session.terminal.until("Confirm PIN: ")
        keys.lab.lab("kill", "--signal", "STOP", "tpm")
        session.say(PIN)
        kill_in_the_middle(keys)
        session.terminal.until("Failed to provision hello key: The connection to the TPM failed")
    keys.lab.start("tpm")
    with user.ssh(timeout=40) as session:
        session.password(user.password)
        user.approve(session.number())
        session.enter()
        session.new_pin(PIN)
        session.shell()
    signs_in(user)
    assert keys.handles() == {}
