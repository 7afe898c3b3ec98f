"""A service that fails after the first sign-in's pages: at the join, the PIN, the groups, and at lookups."""

import time

import pytest

from conftest import here
from faults import REASON, clear, inject
from leaks import settles, state
from running_lab import PASSWORD, PIN, TerminalSession, RunningLab

REGISTRATION = ("--host", "enterpriseregistration.windows.net")


@pytest.fixture(scope="module")
def lab(conf):
    running_lab = RunningLab(here("e2e-later"), conf("request_timeout = 3\n"))
    running_lab.lab("down", check=False)
    running_lab.up()
    yield running_lab
    running_lab.down()


@pytest.fixture(autouse=True)
def nothing_leaks(lab, request):
    before = state(lab)
    yield
    clear(lab)
    lab.tenant("clock", "skew", "0")
    if request.function is not test_join:  # before it nothing was ever opened
        settles(lab, before)


def test_join(lab):
    """Comes first: a registration that fails leaves the host not joined, the next sign-in joins it, once."""
    used = None
    for fault in ("500", "reset", "stall", "invalid JSON", "huge", "bad signature"):
        user = lab.new_user()  # one for each: the requests to a phone are counted
        inject(lab, "*/EnrollmentServer/device*", fault, *REGISTRATION)
        with user.ssh(timeout=60) as session:
            session.password(PASSWORD)
            user.approve(session.number())
            session.enter()
            said = session.terminal.until(r"(New PIN: |Entra Id Password: )")
        assert "Set up a PIN" not in said and REASON.search(said), (fault, said)
        clear(lab)
        used = used or state(lab)
    settles(lab, used)
    inject(lab, "*/Discover", "500", *REGISTRATION)  # its addresses are known without it
    user.enrol()
    devices = lab.tenant("device", "list").stdout.count("\n")
    lab.new_user().enrol()
    assert lab.tenant("device", "list").stdout.count("\n") == devices


@pytest.mark.parametrize(
    "grant, fault, outcome",
    [
        ("srv_challenge", "500", "in"), ("srv_challenge", "stall", "in"), ("srv_challenge", "invalid JSON", "told"),
        ("*jwt-bearer", "500", "in"), ("*jwt-bearer", "reset", "in"), ("*jwt-bearer", "stall", "in"),
        ("*jwt-bearer", "invalid JSON", "told"), ("*jwt-bearer", "bad signature", "told"), ("*jwt-bearer", "huge", "told"),
    ],
)
def test_pin_sign_in(lab, enrolled_here, grant, fault, outcome):
    """The PIN was right: in, as when there is no network, or told that the service talks nonsense. A wrong PIN never."""
    user = enrolled_here
    inject(lab, "*/token", fault, "--grant", grant)
    with user.ssh(timeout=60) as session:
        session.pin("100200")
        session.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        if outcome == "in":
            session.shell()
            assert session.ask("id -un") == user.name
        else:
            assert "Authentication failed: Invalid server response." in session.terminal.until(r"(PIN: |Password: )")
    clear(lab)
    with user.ssh(timeout=60) as session:
        session.pin(PIN)
        session.shell()


@pytest.fixture(scope="module")
def enrolled_here(lab):
    return lab.new_user().enrol()


def test_registration_of_the_pin(lab):
    """No half of a PIN: after each fault either it works or the user is asked for everything again."""
    for fault in ("500", "reset", "stall", "invalid JSON", "huge"):
        user = lab.new_user()
        inject(lab, "*/EnrollmentServer/key*", fault, *REGISTRATION)
        with user.ssh(timeout=60) as session:
            session.password(PASSWORD)
            user.approve(session.number())
            session.enter()
            session.new_pin(PIN)
            session.terminal.until(r"([$] $|New PIN: |Password: )")
        clear(lab)
        lab.tenant("phone", "deny", user.upn, check=False)
        with user.ssh(timeout=60) as session:
            asked = session.terminal.peek(r"(PIN: |Password: )")
            if "Linux Hello PIN" in asked:
                session.pin(PIN)
                session.shell()
                continue
            session.see(TerminalSession.PASSWORD)
        user.enrol()
        with user.ssh(timeout=60) as session:
            session.pin(PIN)
            session.shell()


@pytest.mark.parametrize("fault", ["500", "reset", "stall", "invalid JSON", "huge"])
def test_groups(lab, fault):
    """Graph is silent: the sign-in works without it, within its time."""
    user = lab.new_user()
    inject(lab, "*", fault, "--host", "graph.microsoft.com")
    begin = time.monotonic()
    user.enrol()
    assert time.monotonic() - begin < 40
    assert lab.out("id", "-un", user.name) == user.name


@pytest.mark.parametrize("fault", ["500", "reset", "stall", "invalid JSON", "huge"])
def test_lookups_stay_bounded(lab, enrolled_here, fault):
    inject(lab, "*", fault)
    for name in (f"unknown-{fault.replace(' ', '')}", enrolled_here.name, "root"):
        _, seconds = lab.timed("getent", "passwd", name)
        assert seconds < 0.6, name
    assert lab.out("id", "-un", enrolled_here.name) == enrolled_here.name


def test_throttled(lab, enrolled_here):
    lab.tenant("fault", "add", "--host", "graph.microsoft.com", "--path", "*", "--status", "429", "--retry-after", "30")
    before = len(lab.requests())
    lab.out("aad-tool", "cache-clear")
    for _ in range(5):
        lab.run("id", enrolled_here.name)
    asked = [entry for entry in lab.requests()[before:] if entry["host"] == "graph.microsoft.com"]
    assert len(asked) <= 4, "Retry-After is honoured"


def test_the_clock_of_the_service_is_far_off(lab, enrolled_here):
    lab.tenant("clock", "skew", "-7200")
    with enrolled_here.ssh(timeout=60) as session:
        session.see(TerminalSession.ASK_PIN)
        session.say(PIN)
        session.terminal.until(r"([$] $|PIN: |Password: )")
