"""A daemon that is stuck, or ends while it is asked: nobody waits for ever, and local users do not notice."""

import threading
import time

import pytest

from faults import clear, inject
from frames import COMMAND, Peer, frame, lookup, start, u32
from running_lab import PASSWORD, PIN, TerminalSession

# docs/protocol/socket.md: how long a shim waits for a sign of life.
HEARD = 5


@pytest.fixture
def stuck(lab, enrolled):
    lab.run("useradd", "-m", "-s", "/bin/bash", "localuser")
    done = lab.run("chpasswd", text="localuser:local-Passw0rd")
    assert done.returncode == 0, done.stderr
    lab.run("useradd", "-m", "neighbour")
    with lab.stuck():
        yield
    with enrolled.ssh(timeout=30) as session:
        session.pin(PIN)
        session.shell()


def quickest(lab, limit, *command):
    """Of three tries, for a busy machine may stop any process for a second; who waits for the daemon does so every time."""
    for _ in range(3):
        done, seconds = lab.timed(*command)
        if seconds < limit:
            break
    return done, seconds


def test_with_the_daemon_stuck(lab, enrolled, stuck):
    slow = {}

    def measured(what, *command):
        slow[what] = lab.timed(*command)

    # These wait for a sign of life; meanwhile everybody else is served.
    waiting = [
        threading.Thread(target=measured, args=(what, *command))
        for what, command in {
            "sign-in": ("timeout", "100", "pamtester", "sshd", enrolled.name, "authenticate"),
            "account": ("timeout", "100", "pamtester", "sshd", enrolled.name, "acct_mgmt"),
            "status": ("timeout", "100", "aad-tool", "status"),
            "auth-test": ("timeout", "100", "aad-tool", "auth-test", "--name", enrolled.name),
        }.items()
    ]
    for thread in waiting:
        thread.start()
    uid = lab.out("id", "-u", enrolled.name)
    for command in (
        ("id", enrolled.name), ("getent", "passwd", uid), ("getent", "group", uid), ("passwd", "-S", enrolled.name), ("ls", "-ld", "/home"),
        ("id", "localuser"), ("passwd", "-S", "localuser"),
    ):
        done, seconds = quickest(lab, 1, *command)
        assert done.returncode == 0 and seconds < 1, (command, seconds, done.stderr)
    done, seconds = quickest(lab, 0.6, "getent", "passwd", "nobody-has-this-name")
    assert done.returncode == 2 and seconds < 0.6
    done, seconds = quickest(lab, 1, "su", "-", "localuser", "-c", "true")
    assert done.returncode == 0 and seconds < 1, "root becomes a local user"
    begin = time.monotonic()
    with TerminalSession(lab.terminal("setpriv", "--reuid=neighbour", "--regid=neighbour", "--init-groups", "su", "-", "localuser")) as session:
        session.terminal.until("Password: ")
        session.say("local-Passw0rd")
        text = session.shell()
    assert time.monotonic() - begin < HEARD, "a local user gives a local password"
    assert "Himmelblau" not in text and "service" not in text
    for thread in waiting:
        thread.join()
    for what, (done, seconds) in slow.items():
        assert done.returncode not in (0, 124), what
        assert seconds < 4 * HEARD, (what, seconds)
    assert slow["status"][1] < 15 and "does not answer" in slow["status"][0].stderr


def test_a_stop_does_not_wait_for_pending_sign_ins(lab, enrolled):
    """The service stalls, users are at prompts, lookups and commands are under way: the daemon ends all the same, and all of them are let go."""
    user = lab.new_user()
    inject(lab, "*", "stall")
    with (
        Peer(lab, "lookup") as asked, Peer(lab, "socket") as prompted, Peer(lab, "socket") as waiting, Peer(lab, "admin") as shell,
        user.ssh(timeout=60) as session,
    ):
        asked.send(lookup(1, "somebody-new", deadline=5000))
        prompted.send(start(enrolled.name, service=b"sshd"))
        waiting.send(start(user.name, service=b"sshd"))
        shell.send(frame(COMMAND, u32(0), u32(0), u32(0), "C", "shell"))
        time.sleep(1)
        begin = time.monotonic()
        lab.lab("stop", "daemon")
        assert time.monotonic() - begin < 10
        for peer in (asked, prompted, waiting, shell):
            assert peer.closed_after(5) < 4
        clear(lab)
        lab.start()
        session.terminal.until("(Password: |Permission denied|Connection closed)")
    with enrolled.ssh(timeout=30) as session:
        session.pin(PIN)
        session.shell()


def test_a_restart_in_the_middle_of_sign_ins(lab, enrolled):
    """Who was at a prompt can go on or start again; nobody is admitted by it, nobody hangs."""
    sessions = [enrolled.ssh(timeout=90) for _ in range(4)]
    for session in sessions:
        session.see(TerminalSession.ASK_PIN)
    lab.restart()
    for session in sessions:
        session.say("100200")
    for session in sessions:
        assert "$ " not in session.terminal.until("(PIN: |Password: |Permission denied|Connection closed)", want_match=True)[0]
        session.terminal.close()
    with enrolled.ssh(timeout=30) as session:
        session.pin(PIN)
        session.shell()


def test_the_service_stalls_during_a_sign_in(lab):
    """The daemon's own time-out ends it, not the user's patience; at a console, where everything said is seen."""
    lab.run("useradd", "-m", "neighbour")
    user = lab.new_user()
    command = ("setpriv", "--reuid=neighbour", "--regid=neighbour", "--init-groups", "su", "-", user.name)
    with TerminalSession(lab.terminal(*command, timeout=60)) as session:
        session.see(TerminalSession.PASSWORD)
        inject(lab, "*", "stall")
        begin = time.monotonic()
        session.say(PASSWORD)
        session.terminal.until("Authentication failed: Unable to reach authentication server.")
        assert session.terminal.end() != 0
        assert "Network outage detected." in session.terminal.transcript()
        assert time.monotonic() - begin < 40
    clear(lab)
    user.enrol()


@pytest.fixture(autouse=True)
def no_faults(lab):
    yield
    clear(lab)
    lab.start()
