"""Offline breakglass, with an administrator's commands and a network that is away: who may sign in, and when that ends."""

import contextlib
import re
import subprocess

import pytest

from conftest import here
from real_host import wait_for
from running_lab import LAB, PASSWORD, PIN, RunningLab, TerminalSession

OPTIONS = "[offline_breakglass]\nenabled = {enabled}\nttl = 1h\n"
OUTAGE = "Network outage detected."
EMERGENCY = "Emergency access: until the network is back, your password alone is enough.\n"
# Asks for no PIN, so that the password is what counts.
SERVICE = "no-pin"
CONFIGURATION = "/etc/himmelblau/himmelblau.conf"
# The directory is asked every 15 s while breakglass is active.
NOTICED_WITHIN = 40


@contextlib.contextmanager
def breakglass_lab(name, conf):
    """A host that has joined, with breakglass enabled."""
    lab = RunningLab(here(name), conf(OPTIONS.format(enabled="true")))
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up().await_name("user02")
    lab.write(f"/etc/pam.d/{SERVICE}", "auth required pam_himmelblau.so no_hello_pin\n")
    lab.new_user().enrol()
    yield lab
    lab.down()


@pytest.fixture(scope="module")
def host(conf):
    with breakglass_lab("e2e-breakglass", conf) as lab:
        yield lab


@pytest.fixture(autouse=True)
def closed(host):
    yield
    host.tenant("start", check=False)
    command(host, "--ttl", "0")


@pytest.fixture
def user(host):
    """A user with two factors and no PIN, whose password is cached."""
    user = host.new_user()
    sign_in_online(host, user)
    return user


def command(host, *words):
    return host.run("aad-tool", "offline-breakglass", *words)


def dialogue(host, user):
    return TerminalSession(host.terminal("pamtester", SERVICE, user.name, "authenticate", timeout=30))


def sign_in_online(host, user, factor=True):
    with dialogue(host, user) as session:
        session.password(user.password)
        if factor:
            user.approve(session.number(press_enter=False))
        assert session.terminal.end() == 0, session.terminal.transcript()


def opens(host, user, password=PASSWORD, before=EMERGENCY):
    with dialogue(host, user) as session:
        session.password(password, before=before)
        return session.terminal.end() == 0


def is_wrong(host, user, password=PASSWORD, before=""):
    """It is refused, and asked for again."""
    with dialogue(host, user) as session:
        session.password(password, before=before)
        session.terminal.until("Id Password: ")


def is_refused_without_a_question(host, user):
    with dialogue(host, user) as session:
        assert session.terminal.end() != 0
        said = session.terminal.transcript()
        assert OUTAGE in said and "assword: " not in said, said


def state(host):
    return host.run("aad-tool", "status").stdout


def await_end(host):
    wait_for(lambda: "Breakglass is active" not in state(host), NOTICED_WITHIN, "breakglass has ended")


def test_users_of_two_factors_only_while_it_is_active(host, user):
    with host.offline():
        is_refused_without_a_question(host, user)
        assert command(host, "--ttl", "90m").returncode == 0
        assert opens(host, user)
        is_wrong(host, user, "Wrong-pass-1", before=EMERGENCY)
        assert command(host, "--ttl", "0").returncode == 0
        is_refused_without_a_question(host, user)


def test_users_of_one_factor_and_users_with_a_pin_always(host):
    host.tenant("setting", "mfa-for-portal", "false")
    single = host.new_user(mfa="")
    try:
        sign_in_online(host, single, factor=False)
    finally:
        host.tenant("setting", "mfa-for-portal", "true")
    pin = host.new_user().enrol()
    with host.offline():
        assert opens(host, single, before="")
        with pin.console(timeout=30) as session:
            session.pin(PIN)
            session.shell()


def test_users_without_a_password_not_even_then(host):
    user = host.new_user()
    access = host.tenant("tap", user.upn).stdout.strip()
    with dialogue(host, user) as session:
        session.see("Please enter your Temporary Access Pass:\nCode: ")
        session.say(access)
        assert session.terminal.end() == 0
    with host.offline():
        command(host, "--ttl", "1h")
        is_refused_without_a_question(host, user)


def test_root_only(host, user):
    host.local("nobody-special")
    with host.offline():
        done = host.run("aad-tool", "offline-breakglass", "--ttl", "1h", user="nobody-special")
        assert done.returncode != 0
        is_refused_without_a_question(host, user)


@pytest.mark.parametrize("ttl", ["1w", "-1", "2 h", ""])
def test_a_duration_that_is_none_activates_nothing(host, user, ttl):
    done = command(host, "--ttl", ttl)
    assert done.returncode != 0 and "is not a duration" in done.stderr
    assert "Breakglass is active" not in state(host)


def test_it_ends_by_itself(host, user):
    with host.offline():
        command(host, "--ttl", "12s")
        assert opens(host, user)
        wait_for(lambda: "Breakglass is active" not in state(host), 30, "its time is up")
        is_refused_without_a_question(host, user)


def test_a_restart_does_not_change_its_end(host, user):
    with host.offline():
        command(host, "--ttl", "30m")
        ends = re.search(r"Breakglass is active until (.*?): ", state(host))[1]
        host.restart()
        again = re.search(r"Breakglass is active until (.*?): ", state(host))[1]
        assert again[:16] == ends[:16]
        assert opens(host, user)


def test_it_ends_when_the_directory_is_reachable_again_also_if_nobody_signs_in(host, user):
    with host.offline():
        command(host)
        assert "Breakglass is active" in state(host)
        wait_for(lambda: opens(host, user), 20, "it is in use")
    await_end(host)
    with host.offline():
        is_refused_without_a_question(host, user)
    unused = host.new_user()
    sign_in_online(host, unused)
    with host.offline():
        command(host)
        # Long enough for one question to the directory, which nobody's sign-in has asked.
        wait_for(lambda: host.run("sleep", "6").returncode == 0, 20, "waited")
    await_end(host)
    with host.offline():
        is_refused_without_a_question(host, unused)


def test_activated_before_an_outage_it_waits_for_it(host, user):
    command(host)
    sign_in_online(host, user)
    assert "Breakglass is active" in state(host)
    with host.offline():
        assert opens(host, user)
    await_end(host)


def test_only_passwords_that_were_used_while_it_was_enabled(host, user):
    late = host.new_user()
    try:
        host.write(CONFIGURATION, host.out("cat", CONFIGURATION).replace("enabled = true", "enabled = false") + "\n")
        wait_for(lambda: "Breakglass is disabled" in command(host, "--ttl", "1h").stderr, 20, "the option has taken effect")
        sign_in_online(host, late)
        wait_for(lambda: "breakglass is disabled" in host.log(), 120, "the cached passwords have been deleted")
    finally:
        host.write(CONFIGURATION, host.out("cat", CONFIGURATION).replace("enabled = false", "enabled = true") + "\n")
    wait_for(lambda: "Breakglass is disabled" not in command(host, "--ttl", "0").stderr, 20, "the option has taken effect")
    with host.offline():
        command(host, "--ttl", "1h")
        is_refused_without_a_question(host, late)
        is_refused_without_a_question(host, user)


def test_a_password_that_was_changed_elsewhere_opens_nothing(host, user):
    host.tenant("user", "add", user.upn, "--password", "Changed-elsewhere-1", "--name", user.name, "--mfa", "PhoneAppNotification")
    is_wrong(host, user)  # the directory says so
    with host.offline():
        command(host, "--ttl", "1h")
        is_refused_without_a_question(host, user)


def test_everything_is_logged(host, user):
    with host.offline():
        command(host, "--ttl", "20m")
        assert opens(host, user)
        command(host, "--ttl", "0")
    log = host.log()
    for event, field in (("breakglass.open", "seconds=1200"), ("breakglass.used", f"account={user.upn}"), ("breakglass.closed", 'why="by hand"')):
        assert any(event in line and field in line for line in log.splitlines()), (event, log[-3000:])
