"""Each row of docs/login-services.md when a sign-in goes wrong: refused, no response, a wrong code, the service gone, the user gone.

sshd is in test_choice, with every method; here each other program waits in the way that it can show. su, login and aad-tool are the real ones.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from leaks import settles, state
from running_lab import PASSWORD, PIN, TerminalSession

HERE = Path(__file__).parent
REMOTE = "192.0.2.7"
PUSH, CALL = "PhoneAppNotification", "TwoWayVoiceMobile"
OTP = "Please enter the code shown in your authenticator app:\nCode: "
ASKED_AGAIN = r"Id Password: |ended [1-9]\d*|incorrect|Authentication failure|Authentication failed\.?\s+$"
LATE = "Authentication timed out. Please try again."
GONE = "Unable to reach authentication server|Network outage detected"


class Row(NamedTuple):
    """A program, and the place that it says; method: what a user can wait for there; enter: whether a text that only waits needs a prompt."""

    kind: str
    service: str
    rhost: str = ""
    tty: str = ""
    method: str = PUSH
    shows: bool = True
    enter: bool = False
    codes: bool = True


ROWS = {
    "login": Row("console", "login"),
    "su": Row("su", "su"),
    "sudo": Row("dialog", "sudo"),
    "aad-tool": Row("aad-tool", "aad-tool"),
    "polkit": Row("dialog", "polkit-1"),
    "gdm": Row("dialog", "gdm-password", tty="/dev/tty1"),
    "kde": Row("dialog", "kde", tty=":0"),
    "kscreensaver": Row("dialog", "kscreensaver", tty=":0"),
    "lightdm": Row("dialog", "lightdm", tty=":0"),
    "sddm": Row("sddm", "sddm", tty=":0", codes=False),
    "cockpit": Row("cockpit", "cockpit", REMOTE, enter=True),
    "xrdp": Row("xrdp", "xrdp-sesman", REMOTE, "xrdp-sesman", method=CALL, shows=False, codes=False),
    "cups": Row("cups", "cups", "localhost", "cups", method="", shows=False, codes=False),
    "ftp": Row("vsftpd", "vsftpd", REMOTE, "ftp", method=CALL, shows=False, codes=False),
    "other": Row("dialog", "something", REMOTE, "pts/3"),
}
WAITING = [name for name, row in ROWS.items() if row.method]
WITH_CODES = [name for name, row in ROWS.items() if row.codes]
ONE_FIELD = [name for name, row in ROWS.items() if not row.codes]


@pytest.fixture(scope="module")
def client(lab):
    lab.local("neighbour")
    # The neighbour of a row runs it too.
    return lab.put(HERE / "pam_client.py", "/usr/local/bin")


@pytest.fixture
def impatient(lab):
    """Requests to a phone end soon."""
    before = dict(re.findall(r"^(\S+) = (\S+)", lab.tenant("setting").stdout, re.MULTILINE))["push-timeout-seconds"]
    lab.tenant("setting", "push-timeout-seconds", "4")
    yield
    lab.tenant("setting", "push-timeout-seconds", before)


def program(lab, client, row, user, timeout=90):
    if row.kind == "console":
        return user.console(timeout=timeout)
    if row.kind == "aad-tool":
        command = ("aad-tool", "auth-test", "--name", user.name)
    elif row.kind == "su":
        command = lab.as_user("neighbour", "su", "-", user.name)
    else:
        options = (["--rhost", row.rhost] if row.rhost else []) + (["--tty", row.tty] if row.tty else [])
        command = ("python3", client, row.kind, row.service, user.name, "--account", *options)
    return TerminalSession(lab.terminal(*command, timeout=timeout))


def give_password(row, session, password=PASSWORD):
    session.terminal.until("typed: " if row.kind not in ("console", "aad-tool", "su", "dialog") else "Entra Id Password: ")
    session.say(password)


def waiting(lab, client, name):
    """(user, session), the phone asked."""
    row = ROWS[name]
    user = lab.new_user(mfa=row.method)
    session = program(lab, client, row, user)
    give_password(row, session)
    user.await_prompt()
    if row.enter:
        session.terminal.until("Press enter to continue")
    return user, session


def go_on(row, session):
    if row.enter:
        session.enter()


def let_nobody_in(lab, user):
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0
    assert f"login.ok account={user.upn}" not in lab.log()


@pytest.mark.parametrize("name", WAITING)
def test_refused(lab, client, name):
    row = ROWS[name]
    user, session = waiting(lab, client, name)
    with session:
        user.deny()
        go_on(row, session)
        said = session.terminal.until(ASKED_AGAIN)
        if row.shows:
            assert "Authentication failed. Please try again." in said + session.terminal.transcript()
    let_nobody_in(lab, user)


@pytest.mark.parametrize("name", WAITING)
def test_no_response(lab, client, impatient, name):
    row = ROWS[name]
    user, session = waiting(lab, client, name)
    with session:
        go_on(row, session)
        said = session.terminal.until(ASKED_AGAIN)
        if row.shows:
            assert LATE in said + session.terminal.transcript()
    let_nobody_in(lab, user)


@pytest.mark.parametrize("name", WITH_CODES)
def test_wrong_codes(lab, client, name):
    row = ROWS[name]
    user = lab.new_user(mfa="PhoneAppOTP")
    with program(lab, client, row, user) as session:
        give_password(row, session)
        for off in (1, 2, 3):
            session.terminal.until(re.escape(OTP))
            session.say(f"{(int(lab.tenant('otp', user.upn).stdout) + off) % 1000000:06}")
        said = session.terminal.until(ASKED_AGAIN)
        assert "That code was not correct." in session.terminal.transcript()
        assert "Too many wrong codes. Please try again." in said + session.terminal.transcript()
    let_nobody_in(lab, user)


@pytest.mark.parametrize("name", ONE_FIELD)
def test_what_is_typed_in_the_one_field_is_wrong(lab, client, enrolled, name):
    """A PIN of another, and a wrong password."""
    row = ROWS[name]
    user = lab.new_user(mfa=row.method or CALL)
    logged = len(lab.log())
    for who, typed in ((enrolled, "999999"), (user, "not-the-password")):
        with program(lab, client, row, who) as session:
            give_password(row, session, typed)
            session.terminal.until(r"ended [1-9]\d*")
    assert not user.pending().strip()
    assert "login.ok" not in lab.log()[logged:]
    with program(lab, client, row, enrolled) as session:
        give_password(row, session, PIN)
        session.terminal.until("ended 0")


@pytest.mark.parametrize("name", WAITING)
def test_the_service_goes_away(lab, client, name):
    row = ROWS[name]
    user, session = waiting(lab, client, name)
    with session:
        with lab.offline():
            go_on(row, session)
            said = session.terminal.until(f"{GONE}|{ASKED_AGAIN}")
            if row.shows and not row.enter:  # or else the text waits for a prompt that does not come
                assert re.search(GONE, said + session.terminal.transcript())
    let_nobody_in(lab, user)


def test_cups_without_the_service_takes_the_pin(lab, client, enrolled):
    """It waits for nothing, so nothing can go away in the middle: what there is without the service is the PIN."""
    row = ROWS["cups"]
    with lab.offline():
        with program(lab, client, row, enrolled) as session:
            give_password(row, session, PIN)
            session.terminal.until("ended 0")
        with program(lab, client, row, enrolled) as session:
            give_password(row, session, PASSWORD)
            session.terminal.until(r"ended [1-9]\d*")


@pytest.mark.parametrize("name", WAITING)
def test_the_user_goes_away(lab, client, name):
    before = state(lab)
    user, session = waiting(lab, client, name)
    session.terminal.close()
    settles(lab, before)
    let_nobody_in(lab, user)
