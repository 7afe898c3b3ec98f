"""No user takes the sign-in slots of others; no directory user gets in without the daemon's approval; local users need no daemon."""

import time

import pytest

from running_lab import PIN, TerminalSession
from test_explain import explain, is_documented

LOCAL_PASSWORD = "local-Passw0rd"
KEY = "/root/.ssh/e2e"


@pytest.fixture(scope="module", autouse=True)
def neighbours(lab):
    for name in ("mallory", "neighbour", "localuser"):
        lab.local(name, LOCAL_PASSWORD)


def test_many_waiting_su_of_one_user_do_not_block_others(lab, enrolled):
    """As many as fill what the daemon has for root, all for one account; nobody answers their prompts."""
    su = " ".join(lab.as_user("mallory", "su", "-", enrolled.name))
    lab.out("sh", "-c", f"for i in $(seq 150); do (sleep 60 | timeout 60 {su}) >/dev/null 2>&1 & done; sleep 5")
    try:
        assert "conversation.no_room" in lab.log()
        for session in (enrolled.ssh(timeout=30), enrolled.console(timeout=30)):
            with session:
                session.pin(PIN)
                session.shell()
        with TerminalSession(lab.terminal(*lab.as_user("neighbour", "su", "-", enrolled.name), timeout=30)) as session:
            session.pin(PIN)
            session.shell()
        with TerminalSession(lab.terminal(*lab.as_user("mallory", "su", "-", "localuser"))) as session:
            session.terminal.until("Password: ")
            session.say(LOCAL_PASSWORD)
            session.shell()
        done, seconds = lab.timed("su", "-", "localuser", "-c", "true")
        assert done.returncode == 0 and seconds < 2
    finally:
        lab.run("pkill", "-u", "mallory")
        lab.run("sh", "-c", "pkill -x sleep; pkill -x su; true")


@pytest.fixture(scope="module")
def keyed(lab, enrolled):
    """A directory user and a local user, who sign in with a key."""
    lab.out("sh", "-c", f"mkdir -p -m 700 /root/.ssh; rm -f {KEY}*; ssh-keygen -q -t ed25519 -N '' -f {KEY}")
    for name in (enrolled.name, "localuser"):
        lab.out(
            "sh", "-c",
            'h=$(getent passwd "$1" | cut -d: -f6); mkdir -p -m 700 "$h/.ssh"; cat "$2.pub" >>"$h/.ssh/authorized_keys"; '
            'chown -R "$1:" "$h/.ssh"', "keys", name, KEY,
        )
    assert by_key(lab, enrolled.name).returncode == 0
    return enrolled


def by_key(lab, name):
    return lab.run(
        "ssh", "-i", KEY, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
        f"{name}@127.0.0.1", "true",
    )


def cron(lab, name):
    return lab.run("pamtester", "cron", name, "acct_mgmt")


def test_without_the_daemon_a_key_is_not_enough(lab, keyed):
    lab.lab("stop", "daemon")
    try:
        assert by_key(lab, keyed.name).returncode != 0
        assert cron(lab, keyed.name).returncode != 0
        assert lab.run("su", keyed.name, "-c", "true").returncode != 0
        assert by_key(lab, "localuser").returncode == 0
        assert cron(lab, "localuser").returncode == 0
        assert lab.run("su", "localuser", "-c", "true").returncode == 0
    finally:
        lab.start()
    assert by_key(lab, keyed.name).returncode == 0
    assert cron(lab, keyed.name).returncode == 0


def test_a_disabled_account_is_refused_by_every_pam_service(lab):
    user = lab.new_user().enrol()
    assert cron(lab, user.name).returncode == 0
    lab.tenant("user", "disable", user.upn)
    with user.ssh(timeout=30, level="INFO") as session:
        session.pin(PIN)
        session.terminal.until("disabled|denied|Password: |contact|failed")
    done = cron(lab, user.name)
    assert done.returncode != 0 and "expired" in done.stdout + done.stderr
    done = lab.run("su", user.name, "-c", "true")
    assert done.returncode != 0 and "expired" in done.stdout + done.stderr


def test_a_socket_that_was_removed_comes_back(lab, enrolled):
    lab.out("sh", "-c", "rm /run/himmelblaud/socket /run/himmelblaud/lookup /run/himmelblaud/admin /run/himmelblaud/task_sock /run/himmelblaud/broker_sock")
    end = time.monotonic() + 20
    while time.monotonic() < end and lab.run("sh", "-c", "cd /run/himmelblaud && ls socket lookup admin task_sock broker_sock").returncode != 0:
        time.sleep(0.5)
    assert lab.log().count("socket.restored") >= 4
    assert lab.run("aad-tool", "status").returncode == 0
    with enrolled.ssh(timeout=30) as session:
        session.pin(PIN)
        session.shell()


def test_a_name_alone_makes_no_phone_ring(lab):
    """A user who signs in with the phone alone presses Enter first."""
    user = lab.new_user(mfa="RemoteNGC")
    with user.ssh(timeout=30) as session:
        session.see("Press enter to send a sign-in request to your phone")
        time.sleep(2)
        assert not user.pending().strip()
        session.enter()
        session.terminal.until("enter the number")
        assert user.await_prompt()


def test_unknown_names_cost_few_questions(lab):
    before = len(lab.requests())
    script = "for i in $(seq 600); do getent passwd unknown-$i & done >/dev/null 2>&1; wait"
    lab.out("sh", "-c", script + "; true")
    assert len(lab.requests()) - before < 450


def test_on_a_full_disk_sign_ins_go_on_and_the_status_says_so(another):
    lab = another(name="e2e-full")
    user = lab.new_user().enrol()
    lab.lab("stop", "daemon")
    lab.out(
        "sh", "-c",
        "set -e; cp -a /var/cache/himmelblaud /tmp/kept; mount -t tmpfs -o size=48m,mode=0755 tmpfs /var/cache/himmelblaud; "
        "cp -a /tmp/kept/. /var/cache/himmelblaud/; chown --reference=/tmp/kept /var/cache/himmelblaud",
    )
    lab.start()
    lab.out("sh", "-c", "for i in $(seq 60); do [ -f /var/cache/himmelblaud/reserve ] && exit; sleep 0.5; done; exit 1")
    lab.run("sh", "-c", "cat /dev/zero >/var/cache/himmelblaud/junk")
    for _ in range(3):
        with user.ssh(timeout=30) as session:
            session.pin(PIN)
            session.shell()
    done = lab.run("aad-tool", "status")
    assert done.returncode == 1 and "working!" not in done.stdout and "The disk is full" in done.stderr
    text = explain(lab, user.name, "--service", "gdm-password")[2]
    is_documented(text, "aad-tool explain ada --service gdm-password", user.name)
    lab.run("rm", "/var/cache/himmelblaud/junk")
    lab.out("sh", "-c", "for i in $(seq 80); do aad-tool status | grep -q working && exit; sleep 0.5; done; exit 1")
