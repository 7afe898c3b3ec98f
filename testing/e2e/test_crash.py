"""The daemon dies at any moment: either the old state or the new, never neither."""

import time

import pytest

from conftest import here
from faults import clear, inject
from running_lab import PASSWORD, PIN, TerminalSession, RunningLab


@pytest.fixture(autouse=True)
def alive(lab):
    """Also after a test that failed half way."""
    yield
    clear(lab)
    lab.start()
    lab.start("tasks")


def signs_in_somehow(user):
    """By the PIN when there is one, else by the whole path; the PIN then works."""
    with user.ssh(timeout=30) as session:
        text = session.terminal.peek(r"(PIN: |Password: )")
        has_pin = "Linux Hello PIN" in text
        if has_pin:
            session.pin(PIN)
            session.shell()
            return
    user.enrol()
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()


@pytest.mark.parametrize("stage", ["at the password", "at the number", "approved", "at the PIN", "confirmed", "in the shell"])
def test_killed_during_an_enrolment(lab, enrolled, stage):
    user = lab.new_user()
    with user.ssh(timeout=30) as session:
        walk(session, user, stage)
        lab.kill_daemon()
        if stage not in ("confirmed", "in the shell"):
            session.enter()
            session.terminal.until(r"(Password: |Connection closed|Permission denied)")
    lab.start()
    signs_in_somehow(user)
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def walk(session, user, stage):
    session.see(TerminalSession.PASSWORD)
    if stage == "at the password":
        return session.say(PASSWORD)
    session.say(PASSWORD)
    number = session.number()
    if stage == "at the number":
        return None
    user.approve(number)
    if stage == "approved":
        return session.enter()
    session.enter()
    if stage == "at the PIN":
        return session.see(TerminalSession.SET_UP.format(length=6) + "New PIN: ")
    session.new_pin(PIN)
    if stage == "confirmed":
        return None
    session.shell()
    return None


def held(lab, path, fault, *more):
    """Makes the service hold its answer to the next such request half way, what was asked for being done."""
    inject(lab, path, fault, "--count", "1", *more)
    return len(lab.requests())


def await_hold(lab, asked, seconds=20):
    end = time.monotonic() + seconds
    while not any(entry.get("fault") == "stall" for entry in lab.requests()[asked:]):
        assert time.monotonic() < end, "the daemon did not come to that stage"
        time.sleep(0.05)


REGISTRATION = ("--host", "enterpriseregistration.windows.net")


@pytest.mark.parametrize(
    "path, more",
    [
        ("*/SAS/EndAuth", ()),
        ("*/SAS/ProcessAuth", ()),
        ("*/token", ("--grant", "authorization_code")),
        ("*/token", ("--grant", "srv_challenge")),
        ("*/token", ("--grant", "*jwt-bearer")),  # a primary refresh token was given, but never arrived
        ("*/EnrollmentServer/key*", REGISTRATION),  # the directory knows the key, this host does not know that
        ("/v1.0/me*", ("--host", "graph.microsoft.com")),
    ],
)
def test_killed_while_the_service_answers(lab, enrolled, path, more):
    """A first sign-in on a host that is joined."""
    user = lab.new_user()
    asked = held(lab, path, "stall", *more)
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        if "key" in path:
            session.new_pin(PIN)
        await_hold(lab, asked)
        lab.kill_daemon()
    clear(lab)
    lab.start()
    lab.tenant("phone", "deny", user.upn, check=False)
    signs_in_somehow(user)
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


@pytest.mark.parametrize(
    "path, more",
    [
        ("*/Discover", REGISTRATION),
        ("*/EnrollmentServer/device*", REGISTRATION),  # the device is made, its certificate never arrived
        ("*/token", ("--grant", "srv_challenge")),  # joined, no primary refresh token yet
        ("*/token", ("--grant", "*jwt-bearer")),
    ],
)
def test_killed_during_the_join(unjoined, path, more):
    """A host that is not joined: either it is afterwards or the next sign-in joins it."""
    lab = unjoined
    user = lab.new_user()
    asked = held(lab, path, "stall", *more)
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        await_hold(lab, asked)
        lab.kill_daemon()
    clear(lab)
    lab.start()
    signs_in_somehow(user)
    signs_in_somehow(lab.new_user())


@pytest.fixture(scope="module")
def unjoined_lab(conf):
    running_lab = RunningLab(here("e2e-crash"), conf())
    running_lab.lab("down", check=False)
    running_lab.up()
    yield running_lab
    running_lab.down()


@pytest.fixture
def unjoined(unjoined_lab):
    """Not joined, nobody enrolled."""
    unjoined_lab.run("aad-tool", "cache-clear", "--full", text="y\n")
    return unjoined_lab


HOLD = """
import sqlite3, sys
store = sqlite3.connect("/var/cache/himmelblaud/himmelblau.cache.db", isolation_level=None)
store.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
"""


class HeldStore:
    """The one writer of the store: whoever wants to write waits."""

    def __init__(self, lab):
        self.terminal = lab.terminal("python3", "-c", HOLD)

    def __enter__(self):
        self.terminal.until("held")
        return self

    def __exit__(self, *_):
        self.terminal.close()


def test_killed_at_the_write_of_a_new_pin(lab, enrolled):
    """The directory knows the key, and the daemon is about to write it down."""
    user = lab.new_user()
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.see(TerminalSession.SET_UP.format(length=6) + "New PIN: ")
        session.say(PIN)
        session.see(TerminalSession.SET_UP.format(length=6) + "Confirm PIN: ")
        asked = len(lab.requests())
        with HeldStore(lab):
            session.say(PIN)
            end = time.monotonic() + 10
            while not any(entry["path"].startswith("/EnrollmentServer/key") for entry in lab.requests()[asked:]):
                assert time.monotonic() < end
                time.sleep(0.05)
            lab.kill_daemon()
    lab.start()
    signs_in_somehow(user)


@pytest.mark.parametrize("pin", [PIN, "100200"])
def test_killed_while_a_pin_is_counted(lab, pin):
    """An attempt that cannot be written down is none; the daemon dies there, and the PIN works afterwards, also after another wrong one."""
    user = lab.new_user().enrol()
    with user.ssh(timeout=60) as session:
        session.see(TerminalSession.ASK_PIN)
        with HeldStore(lab):
            session.say(pin)
            time.sleep(0.7)  # the derivation of the key; what follows waits for the store
            assert "$ " not in session.terminal.transcript()
            lab.kill_daemon()
    lab.start()
    with user.ssh(timeout=60) as session:
        session.pin("100201")
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.shell()


def test_killed_while_a_pin_sign_in_waits_for_the_service(lab, enrolled):
    for grant in ("srv_challenge", "*jwt-bearer"):
        asked = held(lab, "*/token", "stall", "--grant", grant)
        with enrolled.ssh() as session:
            session.pin(PIN)
            await_hold(lab, asked)
            lab.kill_daemon()
        clear(lab)
        lab.start()
        with enrolled.ssh() as session:
            session.pin(PIN)
            session.shell()


def test_an_open_shell_does_not_notice(lab, enrolled):
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()
        lab.kill_daemon()
        try:
            assert session.ask("id -un") == enrolled.name
        finally:
            lab.start()
        assert session.ask("echo ~") != "~"


def test_restart_of_each_part(lab, enrolled):
    for part in ("daemon", "tasks", "sshd"):
        lab.restart(part)
        with enrolled.ssh() as session:
            session.pin(PIN)
            session.shell()


def test_the_helper_comes_back_after_the_daemon(lab):
    """A new home still gets made, although the helper was not restarted."""
    lab.restart()
    user = lab.new_user().enrol()
    assert lab.run("test", "-d", lab.out("getent", "passwd", user.name).split(":")[5]).returncode == 0


def test_without_the_helper_a_sign_in_still_works(lab, enrolled):
    lab.lab("stop", "tasks")
    try:
        with enrolled.ssh(timeout=30) as session:
            session.pin(PIN)
            session.shell()
    finally:
        lab.start("tasks")
