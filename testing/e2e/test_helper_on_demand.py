"""The root helper runs while it has something to do, and nobody notices when it does not."""

import time
import uuid

import pytest

from conftest import here
from running_lab import PIN, RunningLab

IDLE = 4
DROP_IN = "/etc/systemd/system/himmelblaud.service.d/idle.conf"
SUDO = "/etc/sudoers.d/on-demand"


@pytest.fixture(scope="module")
def lab(conf):
    """Whose helper ends after seconds, not minutes."""
    lab = RunningLab(here("e2e-helper"), conf())
    try:
        lab.up()
        lab.write(DROP_IN, f"[Service]\nEnvironment=HIMMELBLAU_JVM_OPTIONS=-Dhimmelblau.helper.idle={IDLE}\n")
        lab.out("systemctl", "daemon-reload")
        lab.restart()
        lab.await_daemon()
        yield lab
    finally:
        lab.down()


@pytest.fixture(scope="module")
def user(lab):
    return lab.new_user().enrol()


def state(lab, unit="himmelblaud-tasks.service"):
    return lab.run("systemctl", "is-active", unit).stdout.strip()


def eventually(check, what, seconds=25):
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def await_idle(lab):
    eventually(lambda: state(lab) == "inactive", "the helper ends when there is nothing to do")
    assert lab.run("test", "-e", "/run/himmelblaud/helper-wanted").returncode != 0


def starts(lab):
    return lab.log("tasks").count("helper.ready")


def tasks(lab):
    """Name and state of each, as the table shows them."""
    rows = [line.split() for line in lab.out("aad-tool", "plugins").splitlines()]
    return {row[1]: row[2] for row in rows if row[:1] == ["task"]}


def home(lab, user):
    return lab.out("getent", "passwd", user.name).split(":")[5]


def test_it_ends_and_counts_as_available(lab, user):
    assert lab.run("test", "-d", home(lab, user)).returncode == 0
    await_idle(lab)
    assert state(lab, "himmelblaud-tasks.path") == "active"
    assert lab.out("systemctl", "show", "--property=Result", "--value", "himmelblaud-tasks").strip() == "success"
    assert "himmelblau_root_helper_available 1" in lab.out("aad-tool", "metrics")
    assert "helper" not in lab.run("aad-tool", "status").stderr
    before = starts(lab)
    time.sleep(2)
    assert state(lab) == "inactive" and starts(lab) == before, "what monitoring asks does not start it"
    found = tasks(lab)  # a command of an administrator does: who that is, the helper reads
    assert set(found) >= {"home", "groups", "subids", "script"} and set(found.values()) == {"active"}, found
    told = [line for line in lab.log().splitlines() if "helper.connected" in line]
    assert told and all(task in line for task in found for line in told), "it connects when all its tasks are there"


def test_a_sign_in_starts_it_before_the_session_needs_it(lab, user):
    await_idle(lab)
    lab.out("rm", "-rf", home(lab, user))
    with user.ssh() as session:
        session.see(session.ASK_PIN)
        eventually(lambda: state(lab) == "active", "it starts while the user is still asked", 10)
        session.say(PIN)
        session.shell()
        assert lab.run("test", "-d", home(lab, user)).returncode == 0
    await_idle(lab)


def test_a_session_without_a_prompt_waits_for_it(lab, user):
    """As sshd opens one for a key, or cron for a job: nothing comes before the session."""
    await_idle(lab)
    lab.out("rm", "-rf", home(lab, user))
    lab.out("su", "--login", "--command", "true", user.name)
    assert lab.run("test", "-d", home(lab, user)).returncode == 0


def test_a_rule_that_is_written_meanwhile_is_known_at_once(lab, user):
    group = str(uuid.uuid4())
    lab.tenant("group", "add", "on demand", "--id", group, "--member", user.upn)
    with user.ssh() as session:  # the groups are those of the last sign-in
        session.pin(PIN)
        session.shell()
    assert "on demand" in lab.out("id", "-Gn", user.name)
    await_idle(lab)
    lab.write(SUDO, "%on\\ demand ALL=(ALL) NOPASSWD: ALL\n")
    try:
        eventually(lambda: group in lab.out("id", "-Gn", user.name).split(), "the group is not shown under that name any more")
    finally:
        lab.run("rm", SUDO)
    eventually(lambda: group not in lab.out("id", "-Gn", user.name).split(), "it is again")
    await_idle(lab)


def test_it_comes_again_when_it_is_killed_at_work(lab, user):
    await_idle(lab)
    with user.ssh() as session:
        session.see(session.ASK_PIN)
        eventually(lambda: state(lab) == "active", "it starts", 10)
        lab.out("systemctl", "kill", "--signal=KILL", "himmelblaud-tasks")
        lab.out("rm", "-rf", home(lab, user))
        session.say(PIN)
        session.shell()
        assert lab.run("test", "-d", home(lab, user)).returncode == 0


def test_a_rule_starts_no_daemon_that_was_stopped(lab):
    lab.lab("stop", "daemon")
    try:
        lab.write(SUDO, "# nothing\n")
        time.sleep(2)
        assert {state(lab, unit) for unit in ("himmelblaud", "himmelblaud-tasks.path", "himmelblaud-tasks")} == {"inactive"}
    finally:
        lab.run("rm", SUDO)
        lab.start()
        lab.await_daemon()
    eventually(lambda: state(lab, "himmelblaud-tasks.path") == "active", "what starts the helper is back")


def test_without_it_a_sign_in_waits_once_and_says_what_is_missing(lab, user):
    await_idle(lab)
    lab.lab("stop", "tasks")  # and masked
    try:
        with user.ssh(timeout=40) as session:
            session.pin(PIN)
            session.shell()
        assert "himmelblau_root_helper_available 0" in lab.out("aad-tool", "metrics")
        begun = time.monotonic()
        with user.ssh(timeout=40) as session:
            session.pin(PIN)
            session.shell()
        assert time.monotonic() - begun < 8, "not ten seconds again"
    finally:
        lab.start("tasks")
    eventually(lambda: "himmelblau_root_helper_available 1" in lab.out("aad-tool", "metrics"), "it is there again")
