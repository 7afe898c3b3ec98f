"""Breakglass by two administrators: the optional bundle, installed and removed on the running host, with administrators who sign in over SSH and use sudo."""

import re

import pytest

from real_host import KEY, make_key, make_local, wait_for
from test_breakglass import breakglass_lab, is_refused_without_a_question, opens, sign_in_online, state

BUNDLE = "himmelblau.breakglass.dualcontrol"
SHIPPED = f"/usr/lib/himmelblau/optional/{BUNDLE}.jar"
INSTALLED = f"/etc/himmelblau/plugins/{BUNDLE}.jar"
FIRST, SECOND = "admin-one", "admin-two"
COMMAND = "aad-tool offline-breakglass"
TEN_MINUTES = 600_000
AGE = """
import sqlite3, sys
with sqlite3.connect("/var/cache/himmelblaud/himmelblau.cache.db") as database:
    assert database.execute("UPDATE dualcontrol_request SET ends = ends - ?", (int(sys.argv[1]),)).rowcount == 1
database.close()
"""


@pytest.fixture(scope="module")
def host(conf):
    with breakglass_lab("e2e-dualcontrol", conf) as lab:
        for name in (FIRST, SECOND):
            make_local(lab, name)
        make_key(lab, "root", FIRST, SECOND)
        lab.write("/etc/sudoers.d/admins", "".join(f"{name} ALL=(ALL) NOPASSWD: ALL\n" for name in (FIRST, SECOND)))
        lab.out("chmod", "0440", "/etc/sudoers.d/admins")
        yield lab


@pytest.fixture(autouse=True)
def closed(host):
    yield
    host.tenant("start", check=False)
    host.run("aad-tool", "offline-breakglass", "--ttl", "0")


@pytest.fixture(scope="module")
def user(host):
    """A user with two factors and no PIN, whose password is cached."""
    user = host.new_user()
    sign_in_online(host, user)
    return user


@pytest.fixture
def dual(host):
    install(host)
    yield host
    remove(host)


def over_ssh(host, name, command):
    return host.run("ssh", "-i", KEY, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", f"{name}@127.0.0.1", command)


def ask(host, name, *words):
    """An administrator asks, in a new session. The root helper comes some time after the daemon."""

    def answer():
        done = over_ssh(host, name, " ".join(("sudo", COMMAND, *words)))
        return None if "root helper" in done.stderr else done

    return wait_for(answer, 20, "the root helper is connected")


def shell(host, line):
    done = host.run("aad-tool", "shell", text=line + "\n")
    assert done.returncode == 0 and "gogo:" not in done.stderr, done.stderr
    return done.stdout


def bundle(host):
    """Its number, if it is installed."""
    found = re.search(rf"(\d+)\|[^\n]*{re.escape(BUNDLE)}", shell(host, "lb -s"))
    return found and found[1]


def policies(host):
    return [line for line in host.out("aad-tool", "plugins").splitlines() if line.startswith("breakglass")]


def install(host):
    """As docs/breakglass.md says."""
    host.out("install", "-d", "-o", "root", "-g", "root", "-m", "0755", "/etc/himmelblau/plugins")
    host.out("install", "-o", "root", "-g", "root", "-m", "0644", SHIPPED, INSTALLED)
    shell(host, f"start file:{INSTALLED}")
    await_policy(host)


def await_policy(host):
    """Plug-ins are started last."""
    wait_for(lambda: any("DualControl" in line for line in policies(host)), 20, "the policy runs")


def remove(host):
    host.run("rm", "-f", INSTALLED)
    if number := bundle(host):
        shell(host, f"uninstall {number}")


def age(host, milliseconds):
    """The daemon is stopped, what waits becomes that much older, and the daemon starts again."""
    with host.stopped():
        host.out("python3", "-c", AGE, milliseconds)
    await_policy(host)


def test_it_is_shipped_and_not_in_use(host):
    host.out("test", "-f", SHIPPED)
    assert bundle(host) is None
    assert [line.split()[1:4] for line in policies(host)] == [["ManualBreakglass", "active", "himmelblau.breakglass.manual"]]


def test_it_takes_the_place_of_the_manual_policy(dual):
    shown = policies(dual)
    assert [line.split()[1:4] for line in shown] == [["DualControl", "active", BUNDLE], ["ManualBreakglass", "active", "himmelblau.breakglass.manual"]]
    assert f"not used for offline-breakglass: {BUNDLE} is first" in shown[1]
    assert "not used" not in shown[0]


def test_one_asks_and_the_second_opens(dual, user):
    with dual.offline():
        done = ask(dual, FIRST, "--ttl", "90m")
        uid = dual.out("id", "-u", FIRST)
        assert done.returncode == 1 and done.stdout == ""
        assert re.fullmatch(
            rf"Your request \(login uid {uid}\) is recorded\. It activates nothing yet\. For it to become active, a second administrator, with another account, "
            r"must run aad-tool offline-breakglass on this host before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d\. If you ask again yourself, that changes only the time\.\n",
            done.stderr,
        ), done.stderr
        assert f"The administrator with the login uid {uid} has asked for breakglass." in state(dual)
        is_refused_without_a_question(dual, user)
        done = ask(dual, SECOND)
        assert done.returncode == 0 and "Breakglass is active until" in done.stdout, done
        assert opens(dual, user)
        assert "Breakglass is active until" in state(dual) and "has asked" not in state(dual)
        assert re.search(r"^note +breakglass +active until ", dual.run("aad-tool", "explain", user.name).stdout, re.MULTILINE)


def test_two_sessions_of_one_administrator_are_one(dual, user):
    with dual.offline():
        for command in (f"sudo {COMMAND}", f"sudo {COMMAND}", f"sudo -i {COMMAND}", f"sudo su - {SECOND} -c 'sudo {COMMAND}'", f"sudo -u {SECOND} sudo {COMMAND}"):
            done = over_ssh(dual, FIRST, command)
            assert done.returncode == 1 and "is recorded" in done.stderr, (command, done)
        is_refused_without_a_question(dual, user)


def test_who_is_not_known_is_refused(dual, user):
    with dual.offline():
        ask(dual, FIRST)
        done = dual.run(*COMMAND.split())  # of no session
        assert done.returncode == 1 and "This process belongs to no sign-in" in done.stderr, done
        done = dual.run("systemd-run", "--quiet", "--pipe", "--wait", *COMMAND.split())
        assert done.returncode == 1 and "This process belongs to no sign-in" in done.stderr, done
        done = over_ssh(dual, "root", COMMAND)
        assert done.returncode == 1 and "You have signed in as root" in done.stderr, done
        done = over_ssh(dual, SECOND, COMMAND)  # without sudo
        assert done.returncode == 1 and "must be run as root" in done.stderr, done
        is_refused_without_a_question(dual, user)


def test_without_the_root_helper_nobody_is_known(dual, user):
    with dual.offline():
        ask(dual, FIRST)
        dual.lab("stop", "tasks")
        try:
            done = over_ssh(dual, SECOND, f"sudo {COMMAND}")
        finally:
            dual.start("tasks")
        assert done.returncode == 1 and "it is not known who you are" in done.stderr, done
        is_refused_without_a_question(dual, user)


def test_a_request_is_void_after_ten_minutes_and_survives_a_restart_until_then(dual, user):
    with dual.offline():
        ask(dual, FIRST)
        age(dual, TEN_MINUTES)
        assert ask(dual, SECOND).returncode == 1
        is_refused_without_a_question(dual, user)
        age(dual, TEN_MINUTES - 60_000)
        assert ask(dual, FIRST).returncode == 0
        assert opens(dual, user)


def test_a_restart_does_not_change_its_end(dual, user):
    with dual.offline():
        ask(dual, FIRST, "--ttl", "2h")
        ask(dual, SECOND, "--ttl", "30m")
        ends = re.search(r"Breakglass is active until (.*?): ", state(dual))[1]
        dual.restart()
        await_policy(dual)
        again = re.search(r"Breakglass is active until (.*?): ", state(dual))[1]
        assert again[:16] == ends[:16]
        assert opens(dual, user)


def test_one_alone_ends_it(dual, user):
    with dual.offline():
        ask(dual, FIRST)
        ask(dual, SECOND)
        assert ask(dual, SECOND, "--ttl", "0").returncode == 0
        is_refused_without_a_question(dual, user)


def test_what_one_administrator_opened_before_ends_when_it_is_installed(host, user):
    with host.offline():
        assert host.run(*COMMAND.split()).returncode == 0
        assert opens(host, user)
        install(host)
        try:
            is_refused_without_a_question(host, user)
        finally:
            remove(host)
        is_refused_without_a_question(host, user)


def test_removed_from_the_running_host_the_manual_policy_is_in_use_and_nothing_is_open(host, user):
    install(host)
    with host.offline():
        ask(host, FIRST)
        ask(host, SECOND)
        ask(host, FIRST)
        assert opens(host, user)
        before = host.daemon_pid()
        remove(host)
        assert [line.split()[1] for line in policies(host)] == ["ManualBreakglass"] and "not used" not in policies(host)[0]
        assert "Breakglass is active" not in state(host) and "has asked" not in state(host)
        is_refused_without_a_question(host, user)
        install(host)
        try:
            assert ask(host, SECOND).returncode == 1, "what was recorded before has ended"
            is_refused_without_a_question(host, user)
        finally:
            remove(host)
        assert ask(host, FIRST).returncode == 0, "one is enough again"
        assert opens(host, user)
        assert host.daemon_pid() == before


def test_everything_is_logged(dual, user):
    first, second = (dual.out("id", "-u", name) for name in (FIRST, SECOND))
    with dual.offline():
        dual.run(*COMMAND.split())
        ask(dual, FIRST, "--ttl", "20m")
        ask(dual, SECOND)
        assert opens(dual, user)
        ask(dual, FIRST)
        ask(dual, FIRST, "--ttl", "0")
    log = dual.log()
    for event, field in (
        ("breakglass.refused", "belongs to no sign-in"),
        ("breakglass.requested", f"login_uid={first} seconds=1200"),
        ("breakglass.approved", f"login_uid={second} requested_by={first} seconds=1200"),
        ("breakglass.open", "seconds=1200"),
        ("breakglass.used", f"account={user.upn}"),
        ("breakglass.request_ended", f'login_uid={first} why="by hand"'),
        ("breakglass.closed", 'why="by hand"'),
    ):
        assert any(event in line and field in line for line in log.splitlines()), (event, log[-3000:])
