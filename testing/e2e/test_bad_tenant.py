"""A service that fails in every way there is: a clear message, no success, and right again when it is."""

import re
import time

import pytest

from stand import PASSWORD, PIN, Door
from test_bad_input import settles, state

FAULTS = {
    "500": ("--status", "500"),
    "reset": ("--reset",),
    "stall": ("--stall",),
    "invalid JSON": ("--malformed",),
    "huge": ("--huge",),
    "bad signature": ("--bad-signature",),
}


@pytest.fixture(autouse=True)
def clean(lab, enrolled):
    before = state(lab)
    yield
    lab.tenant("fault", "clear")
    lab.tenant("clock", "skew", "0")
    settles(lab, before)
    lab.person().enrol()


@pytest.mark.parametrize(
    "path, fault",
    [
        ("*authorize*", "500"), ("*authorize*", "stall"), ("*GetCredentialType*", "invalid JSON"), ("*/oauth2/token*", "reset"),
        ("*/oauth2/token*", "invalid JSON"), ("*login*", "huge"), ("*BeginAuth*", "500"), ("*BeginAuth*", "invalid JSON"),
    ],
)
def test_first_sign_in(lab, fault, path):
    """Ends in a refusal with a reason, never in a shell, and soon."""
    user = lab.person()
    lab.tenant("fault", "add", "--path", path, *FAULTS[fault])
    begin = time.monotonic()
    logged = len(lab.log())
    with user.ssh(timeout=60) as door:
        text = door.terminal.until(r"(Entra Id Password: |Permission denied)")
        if "Use the password" in text:
            door.say(PASSWORD)
            text = door.terminal.until(r"(Entra Id Password: |Press enter to continue|Permission denied)")
            if "Authenticator" in text:
                user.approve(re.search(r"number '(\d+)'", text)[1])
                door.enter()
                text = door.terminal.until(r"(Entra Id Password: |New PIN: |Permission denied)")
        assert "Set up a PIN" not in text
    # sshd shows a message only together with a prompt, so what comes before the first one is read in the log.
    reasons = text + lab.log()[logged:]
    assert re.search(r"(Authentication failed|Network outage|temporarily unavailable)", reasons), reasons
    assert time.monotonic() - begin < 60
    lab.tenant("fault", "clear")
    if "BeginAuth" not in path:  # there a prompt is left on the phone, and the service refuses a second one for a while
        user.enrol()


@pytest.mark.parametrize("fault", ["500", "stall", "invalid JSON"])
def test_join(another, fault):
    """A registration that fails leaves the host not joined; the next sign-in joins."""
    lab = another()
    user = lab.person()
    lab.tenant("fault", "add", "--host", "enterpriseregistration.windows.net", "--path", "*", *FAULTS[fault])
    with user.ssh(timeout=60) as door:
        door.password(PASSWORD)
        user.approve(door.number())
        door.enter()
        said = door.terminal.until(r"Password: ")
        assert re.search(r"(Failed to join domain|Device enrollment failed|Authentication failed|Network outage|temporarily unavailable)", said)
    lab.tenant("fault", "clear")
    user.enrol()


@pytest.mark.parametrize("fault", list(FAULTS))
def test_pin_sign_in_with_a_token_endpoint_that_fails(lab, fault):
    """The PIN was right, so the person comes in (as when there is no network) or is told why not; a wrong PIN never."""
    user = lab.person().enrol()
    lab.tenant("fault", "add", "--path", "*token*", *FAULTS[fault])
    with user.ssh(timeout=60) as door:
        door.pin("100200")
        door.terminal.until("PIN: ")
        door.say(PIN)
        door.terminal.until(r"([$] $|PIN: |Password: )")
    lab.tenant("fault", "clear")
    with user.ssh(timeout=60) as door:
        door.pin(PIN)
        door.shell()


@pytest.mark.parametrize("fault", ["500", "reset", "stall", "invalid JSON", "huge"])
def test_look_ups_stay_bounded(lab, enrolled, fault):
    lab.tenant("fault", "add", "--path", "*", *FAULTS[fault])
    for name in (f"unknown-{fault.replace(' ', '')}", enrolled.name, "root"):
        _, seconds = lab.timed("getent", "passwd", name)
        assert seconds < 0.6, name
    assert lab.out("id", "-un", enrolled.name) == enrolled.name


def test_throttled(lab, enrolled):
    lab.tenant("fault", "add", "--host", "graph.microsoft.com", "--path", "*", "--status", "429", "--retry-after", "30")
    before = len(lab.requests())
    lab.out("aad-tool", "cache-clear")
    for _ in range(5):
        lab.run("id", enrolled.name)
    asked = [entry for entry in lab.requests()[before:] if entry["host"] == "graph.microsoft.com"]
    assert len(asked) <= 4, "Retry-After is honoured"


def test_the_clock_of_the_service_is_far_off(lab):
    user = lab.person().enrol()
    lab.tenant("clock", "skew", "-7200")
    with user.ssh(timeout=60) as door:
        door.see(Door.ASK_PIN)
        door.say(PIN)
        door.terminal.until(r"([$] $|PIN: |Password: )")
