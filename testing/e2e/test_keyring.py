"""A desktop's keyring and lock: the PIN that signs in at the greeter opens GNOME's keyring, a changed PIN as well; a locked terminal asks for the PIN."""

import shlex
import subprocess
from pathlib import Path

import pytest

from conftest import here
from real_host import KEY, make_key, wait_for
from running_lab import LAB, PIN, RunningLab

OS = "debian-13-gnome"
NEW_PIN = "564738"
LOCKED = ("busctl", "--user", "get-property", "org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login", "org.freedesktop.Secret.Collection", "Locked")


@pytest.fixture(scope="module")
def desktop(conf):
    subprocess.run([LAB, "prepare", "--os", OS], stdout=subprocess.DEVNULL, check=True)
    running_lab = RunningLab(here("e2e-desktop"), conf(), os=OS)
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    running_lab.up().await_name("user02")
    running_lab.put(Path(__file__).with_name("greeter_session.py"))
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="module")
def user(desktop):
    return desktop.new_user(local="desk").enrol()


def await_end(lab, user):
    """What is left of the session before has an open keyring."""
    unit = f"user@{lab.out('id', '-u', user.name)}.service"
    wait_for(lambda: lab.run("systemctl", "is-active", unit).stdout.strip() == "inactive", 60, f"{unit} has ended")


def session(lab, user, pin, *command):
    """Signs in as at GDM and runs a command in the session; what it printed."""
    await_end(lab, user)
    done = lab.run("python3", "/root/greeter_session.py", "gdm-password", user.name, *command, text=f"{pin}\n")
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout


def secret(command):
    return ("sh", "-c", f"{command}; echo; {' '.join(LOCKED)}")


STORE = secret("printf kept-since-then | secret-tool store --collection=login --label=test service test")
# A locked keyring would ask for its password, and nobody answers here.
LOOK_UP = secret("timeout 10 secret-tool lookup service test")


def test_the_pin_opens_the_keyring(desktop, user):
    session(desktop, user, PIN, "true")  # the first one makes the keyring
    assert "b false" in session(desktop, user, PIN, *STORE)
    said = session(desktop, user, PIN, *LOOK_UP)
    assert "kept-since-then" in said and "b false" in said, said


def test_a_session_without_a_pin_leaves_it_locked(desktop, user):
    await_end(desktop, user)
    make_key(desktop, user.name)
    words = " ".join(map(shlex.quote, LOOK_UP))
    done = desktop.run("ssh", "-i", KEY, "-o", "LogLevel=ERROR", f"{user.name}@127.0.0.1", words)
    assert "kept-since-then" not in done.stdout and "b true" in done.stdout, done


def test_a_changed_pin_opens_it_too(desktop, user):
    said = session(desktop, user, PIN, "sh", "-c", f"printf '{PIN}\\n{NEW_PIN}\\n{NEW_PIN}\\n' | passwd")
    assert "This command changes your local Hello PIN" in said
    said = session(desktop, user, NEW_PIN, *LOOK_UP)
    assert "kept-since-then" in said and "b false" in said, said


def test_a_locked_terminal_asks_for_the_pin(desktop):
    user = desktop.new_user(local="locker").enrol()
    with user.console(timeout=30) as opened:
        opened.pin(PIN)
        opened.shell()
        opened.say("vlock -c")
        opened.terminal.until("Please press \\[ENTER\\] to unlock.")
        opened.enter()
        opened.terminal.until("PIN: ")
        opened.say("918273")
        opened.terminal.until("PIN: ")
        opened.say(PIN)
        opened.shell()
        assert opened.ask("id -un") == user.name
