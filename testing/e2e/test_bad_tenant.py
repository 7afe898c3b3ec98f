"""A service that fails in every way there is during a first sign-in: a clear message, no success, and right again when it is."""

import re
import time

import pytest

from conftest import here
from faults import REASON, clear, inject
from leaks import settles, state
from running_lab import PASSWORD, PIN, TerminalSession, RunningLab

ALL = ("500", "reset", "stall", "invalid JSON", "huge")


@pytest.fixture(scope="module")
def lab(conf):
    """One whose daemon has less patience, so that a stall is over sooner; joined already."""
    running_lab = RunningLab(here("e2e-bad"), conf("request_timeout = 3\n"))
    running_lab.lab("down", check=False)
    running_lab.up()
    running_lab.new_user().enrol()
    running_lab.run("useradd", "-m", "neighbour")
    yield running_lab
    running_lab.down()


@pytest.fixture(autouse=True)
def nothing_leaks(lab):
    before = state(lab)
    yield
    clear(lab)
    lab.tenant("setting", "poll-interval-millis", "1000")
    settles(lab, before)


@pytest.mark.parametrize("path", ["*/oauth2/authorize", "*/GetCredentialType"])
def test_before_the_first_prompt(lab, path):
    """su shows the reason at once, where sshd has no prompt to show it with; nobody is asked for a password in vain."""
    user = lab.new_user()
    for fault in ALL:
        inject(lab, path, fault)
        begin = time.monotonic()
        command = ("setpriv", "--reuid=neighbour", "--regid=neighbour", "--init-groups", "su", "-", user.name)
        with lab.terminal(*command, timeout=60) as terminal:
            assert terminal.end() != 0, fault
            assert REASON.search(terminal.transcript()), (fault, terminal.transcript())
            assert "Entra Id Password" not in terminal.transcript(), fault
        assert time.monotonic() - begin < 30, fault
        clear(lab)
    user.enrol()


@pytest.mark.parametrize(
    "path, grant, faults",
    [
        ("*/login", "*", ALL),
        ("*/SAS/BeginAuth", "*", ALL),
        ("*/SAS/EndAuth", "*", ("500", "invalid JSON", "stall")),
        ("*/SAS/ProcessAuth", "*", ("500", "reset", "stall")),
        ("*/token", "authorization_code", ("500", "reset", "invalid JSON", "huge", "stall")),
        ("*/token", "srv_challenge", ("500", "invalid JSON", "huge")),
        ("*/token", "*jwt-bearer", ("500", "reset", "invalid JSON", "bad signature", "stall")),
    ],
)
def test_in_the_middle(lab, path, grant, faults):
    """Each ends in a refusal with a reason above the next prompt, never in a PIN, and soon; then the same user gets in."""
    user = lab.new_user()
    for fault in faults:
        inject(lab, path, fault, "--grant", grant)
        begin = time.monotonic()
        with user.ssh(timeout=60) as session:
            session.password(PASSWORD)
            said = session.terminal.until(r"(Entra Id Password: |Press enter to continue)", want_match=True)[0]
            if "enter" in said:
                user.approve(re.search(r"number '(\d+)'", session.terminal.transcript())[1])
                session.enter()
                session.terminal.until(r"(Entra Id Password: |New PIN: )")
            text = session.terminal.transcript()
            assert "Set up a PIN" not in text, (fault, text)
            assert REASON.search(text), (fault, text)
        assert time.monotonic() - begin < 40, fault
        clear(lab)
        lab.tenant("phone", "deny", user.upn, check=False)  # a prompt that nobody polls any more
    user.enrol()


def test_a_prompt_that_was_left_behind(lab):
    """The service lets nobody have two prompts at once; whoever meets the old one is told so, and gets in without it."""
    for way_out in ("deny", "wait"):
        user = lab.new_user()  # one of their own: the requests to a phone are counted
        lab.tenant("setting", "poll-interval-millis", "20000")  # an abandoned prompt lives twice that and two seconds
        inject(lab, "*/SAS/BeginAuth", "invalid JSON")  # the phone rings, but nobody here knows the number
        with user.ssh(timeout=60) as session:
            session.password(PASSWORD)
            session.see("Authentication failed: Invalid server response.\n" + TerminalSession.PASSWORD)
        clear(lab)
        assert user.pending().strip()
        with user.ssh(timeout=60) as session:
            session.password(PASSWORD)
            session.see("Authentication in progress.\n" + TerminalSession.PASSWORD)
            lab.tenant("setting", "poll-interval-millis", "1000")
            if way_out == "deny":
                user.deny()
            else:
                time.sleep(5)
            session.say(PASSWORD)
            user.approve(session.number())
            session.enter()
            session.new_pin(PIN)
            session.shell()
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
