"""A user at a terminal who tries runtime/try: signs in twice, says no, presses Ctrl-C, closes the window."""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pexpect
import pytest

from labkit.test_lab import KIT, leaves_nothing, run

ROOT = Path(__file__).resolve().parents[2]
NAME = f"{KIT}-try"
TRIAL = ["/usr/bin/python3", "-IB", str(ROOT / "testing/labkit/trial.py")]
PASSWORD, PIN = "Passw0rd!", "918273"


@pytest.fixture
def user():
    """user(command): the input and output of a user there; ends with the test and leaves nothing behind."""
    children = []

    def begin(*command):
        environment = {**os.environ, "HIMMELBLAU_TRY_LAB": NAME, "TERM": "dumb"}
        child = pexpect.spawn(command[0], list(command[1:]), encoding="utf-8", timeout=90, dimensions=(40, 160), cwd=str(ROOT), env=environment,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # ^C counts, wherever the tests run
        child.delaybeforesend = None
        children.append(child)
        return child

    yield begin
    for child in children:
        child.close(force=True)
    run("down", "--name", NAME, check=False)


def ends(child, code):
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == code, child.before


def nothing_is_left(child):
    """No lab, no mount, no process of that terminal."""
    end = time.monotonic() + 20
    while left := [name for name in run("list").stdout.split() if name == NAME] + list(processes(child.pid)):
        assert time.monotonic() < end, left
        time.sleep(0.2)
    leaves_nothing(NAME)


def processes(session):
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[3] == str(session) and fields[0] != "Z":
            yield stat.parent.name


def type_in(child, prompt, text):
    child.expect(prompt)
    child.send(text + "\r")


def first_prompts(child):
    """Up to the number on the phone that appears."""
    type_in(child, "Entra Id Password: ", PASSWORD)
    child.expect(r"enter the number '(\d+)' to sign in")
    number = child.match[1]
    child.expect("your phone: approve the sign-in")
    child.expect("empty to deny")
    return number


def test_what_would_be_installed_is_a_list_of_words(user, tmp_path):
    """On a machine where nothing is installed yet, as far as dpkg says."""
    dpkg = tmp_path / "dpkg-query"
    dpkg.write_text("#!/bin/sh\nexit 1\n")
    dpkg.chmod(0o755)
    path = f"PATH={tmp_path}:{os.environ['PATH']}"
    listed = subprocess.run(["env", path, ROOT / "testing/install-deps", "--list", "build", "lab"], capture_output=True, text=True, check=True)
    names = listed.stdout.split()
    assert len(names) > 5
    child = user("env", path, str(ROOT / "runtime/try"))
    child.setwinsize(40, 2000)
    child.expect(r"install with apt: ([^\r\n]*)\r\n  \* build in")
    assert child.match[1].split(" ") == names
    type_in(child, r"Continue\? \[Y/n\] ", "n")
    child.expect("Nothing was changed.")
    ends(child, 0)


def test_no_is_an_answer(user):
    child = user(str(ROOT / "runtime/try"))
    child.expect(r"Nothing else on this machine changes")
    type_in(child, r"Continue\? \[Y/n\] ", "n")
    child.expect("Nothing was changed.")
    ends(child, 0)
    nothing_is_left(child)


def test_signs_in_twice(user):
    child = user(*TRIAL)
    child.expect("The password is Passw0rd!")
    child.send(first_prompts(child) + "\r")
    child.expect("approved")
    type_in(child, "New PIN: ", PIN)
    type_in(child, "Confirm PIN: ", PIN)
    type_in(child, r"[$] $", "id")
    child.expect(r"uid=\d+\(user02\)")
    type_in(child, r"[$] $", "exit")
    child.expect("Sign in again: now the PIN is sufficient.")
    child.expect(r"PIN: ")
    assert "Password" not in child.before and "number" not in child.before
    child.send(PIN + "\r")
    type_in(child, r"[$] $", "exit")
    child.expect("Three things to try next")
    for example in ("aad-tool shell", r"tenant --name \S+ stop", "ssh user02@localhost"):
        child.expect(example)
    child.expect(re.escape(f"testing/lab down --name {NAME}"))
    ends(child, 0)
    assert NAME in run("list").stdout.split(), "the host stays until its owner says so"
    run("down", "--name", NAME)
    nothing_is_left(child)


def test_denies_on_the_phone_then_gives_up(user):
    child = user(*TRIAL)
    first_prompts(child)
    child.send("\r")
    child.expect("denied")
    child.expect("Entra Id Password: ")
    child.sendcontrol("c")
    child.expect("The sign-in was not completed")
    ends(child, 1)
    nothing_is_left(child)


@pytest.mark.parametrize("moment", ["while the host starts", "at the password"])
def test_ctrl_c(user, moment):
    child = user(*TRIAL)
    if moment == "at the password":
        child.expect("Entra Id Password: ")
    else:
        end = time.monotonic() + 40
        while not Path(f"/run/himmelblau-lab/{NAME}").exists():
            assert time.monotonic() < end
            time.sleep(0.02)
    child.sendcontrol("c")
    ends(child, 1)
    nothing_is_left(child)


def test_the_window_is_closed(user):
    child = user(*TRIAL)
    first_prompts(child)
    with contextlib.suppress(pexpect.ExceptionPexpect):  # the host is brought down first, which takes longer than pexpect waits
        child.close(force=False)  # the terminal hangs up
    nothing_is_left(child)


def test_ctrl_c_while_it_builds(user):
    child = user(str(ROOT / "runtime/try"))
    type_in(child, r"Continue\? \[Y/n\] ", "")
    child.expect(r"\[2/4\] Building")
    time.sleep(2)
    child.sendcontrol("c")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus not in (0, None) or child.signalstatus
    nothing_is_left(child)
