"""What the tests of a real host's own programs share: an account of the host, one of the directory and none at all, and a daemon that does not serve."""

import contextlib
import time

import pytest

from running_lab import PIN

LOCAL, LOCAL_PASSWORD, UNKNOWN = "hostuser", "Kept-in-shadow-7", "nobody-of-this-name"
KEY = "/root/real-host-key"
# A stuck daemon costs that many seconds (docs/protocol/socket.md). The host's own accounts do not pay them.
STUCK = 5
AT_ONCE = 4
# A refusal for want of an answer may take that long for each question, and PAM asks more than once.
REFUSED_WITHIN = 30
STATES = ("running", "stopped", "stuck")
# For a test of a running daemon among tests that take `state`: whoever did not take it would meet the state of the test before.
while_running = pytest.mark.parametrize("state", STATES[:1], indirect=True)


def make_local(lab, name=LOCAL):
    """An account of the host with a password, a home and a key that opens it."""
    script = f"id {name} 2>/dev/null || useradd -m -s /bin/bash {name}; echo {name}:{LOCAL_PASSWORD} | chpasswd"
    done = lab.run("sh", "-ec", script)
    assert done.returncode == 0, done.stderr
    return name


def make_key(lab, *names):
    """One key pair of root's, with which each of them signs in over SSH."""
    script = (
        f"test -f {KEY} || ssh-keygen -q -t ed25519 -N '' -f {KEY}; for name in {' '.join(names)}; do home=$(getent passwd $name | cut -d: -f6); "
        f"install -d -m 700 -o $name -g $(id -g $name) $home/.ssh; install -m 600 -o $name -g $(id -g $name) {KEY}.pub $home/.ssh/authorized_keys; done"
    )
    done = lab.run("sh", "-ec", script)
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def daemon(lab, state):
    """While it runs, is stopped, or is stuck."""
    if state == "running":
        yield state
        return
    with lab.stopped() if state == "stopped" else lab.stuck():
        yield state
    lab.await_name("user02")


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"after {seconds} s: {what}"
        time.sleep(0.3)
    return found


def works_at_once(lab, *command):
    """Its output; it succeeded without delay."""
    done, seconds = lab.timed(*command)
    assert done.returncode == 0 and seconds < AT_ONCE, (command, seconds, done.returncode, done.stdout, done.stderr)
    return done.stdout.strip()


def is_refused(lab, *command):
    """Its output; it failed within a short time."""
    done, seconds = lab.timed("timeout", str(REFUSED_WITHIN + 10), *command)
    text = done.stdout + done.stderr.rsplit("#", 1)[0]
    assert done.returncode not in (0, 124) and seconds < REFUSED_WITHIN, (command, seconds, done.returncode, text)
    return text


def sign_in(user):
    """A shell over SSH, by PIN; a TerminalSession that the caller leaves."""
    session = user.ssh(timeout=30)
    session.pin(PIN)
    session.shell()
    return session


@pytest.fixture(scope="module")
def users(lab, enrolled):
    """The account of the host; it and the enrolled user have a key."""
    make_local(lab)
    make_key(lab, LOCAL, enrolled.name)
    return LOCAL


@pytest.fixture(scope="module", params=STATES)
def state(lab, users, request):
    with daemon(lab, request.param):
        yield request.param
