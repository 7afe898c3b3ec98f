"""Offline breakglass, with an administrator's commands and a network that is away: who may sign in, and when that ends.

SHOWN_BY has what the specification of breakglass demands, sentence by sentence, and the test that shows it.
"""

import contextlib
import datetime
import json
import re
import subprocess

import pytest

from conftest import here
from real_host import wait_for
from running_lab import LAB, PASSWORD, PIN, RunningLab, TerminalSession

OPTIONS = "[offline_breakglass]\nenabled = {enabled}\nttl = 1h\n"
OUTAGE = "Network outage detected."
EMERGENCY = "Emergency access: until the network is back, your password alone is enough.\n"
NOT_FOR_YOU = "Emergency access is not possible for you: this computer keeps no password of yours."
# Asks for no PIN, so that the password is what counts.
SERVICE = "no-pin"
CONFIGURATION = "/etc/himmelblau/himmelblau.conf"
# The directory is asked every 15 s while breakglass is active.
NOTICED_WITHIN = 40

ALWAYS = "test_users_of_one_factor_and_users_with_a_pin_always"
WHILE_ACTIVE = "test_users_of_two_factors_only_while_it_is_active"
SHOWN_BY = {
    "in an outage a user of one factor signs in with the cached password, with breakglass and without": (ALWAYS,),
    "so does a user with a PIN, with the PIN": (ALWAYS,),
    "a user of two factors cannot sign in, unless breakglass is active; then with the cached password": (WHILE_ACTIVE,),
    "nothing but the password is asked then": (WHILE_ACTIVE,),
    "a user without a password cannot sign in in either case, and is told so": ("test_users_without_a_password_not_even_then",),
    "while the directory answers the second factor is asked as ever": ("test_activated_before_an_outage_it_waits_for_it",),
    "enabled is false by default": ("test_without_the_section_it_is_disabled",),
    "enabled keeps a verifier at each online sign-in with a password": (WHILE_ACTIVE,),
    "nothing is cached for sign-ins before": ("test_only_passwords_that_were_used_while_it_was_enabled",),
    "disabled, the verifiers of users of two factors are deleted": ("test_only_passwords_that_were_used_while_it_was_enabled",),
    "disabled, it is not active any more": ("test_disabling_ends_it",),
    "ttl is two hours by default; s, m, h and d, and seconds without": ("test_the_option_says_how_long", "test_the_argument_says_how_long"),
    "what is no duration activates nothing": ("test_a_duration_that_is_none_activates_nothing",),
    "it is activated by hand, by root only": ("test_root_only", WHILE_ACTIVE),
    "--ttl 0 ends it": (WHILE_ACTIVE,),
    "it ends by itself when its time is up, and users sign in online as ever": ("test_it_ends_by_itself",),
    "it ends when the directory can be reached again, also if nobody signed in meanwhile": (
        "test_it_ends_when_the_directory_is_reachable_again_also_if_nobody_signs_in",
        "test_activated_and_reconnected_it_opens_nothing_in_the_next_outage",
    ),
    "a restart of the daemon does not change its end": ("test_a_restart_does_not_change_its_end",),
    "administrators see that it is in force, and until when": ("test_the_argument_says_how_long", "test_who_asks_changes_nothing"),
    "whoever signs in by it is told": (WHILE_ACTIVE,),
    "whoever asks changes nothing": ("test_who_asks_changes_nothing",),
    "everything is logged as an event": ("test_everything_is_an_event",),
    "a password that was changed in the directory opens nothing here": (
        "test_a_password_that_was_changed_elsewhere_opens_nothing", "test_a_new_password_that_was_used_online_takes_the_place_of_the_old_one",
    ),
}


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


def is_refused_without_a_question(host, user, told=""):
    with dialogue(host, user) as session:
        assert session.terminal.end() != 0
        said = session.terminal.transcript()
        assert OUTAGE in said and "assword: " not in said and told in said, said


def state(host):
    return host.run("aad-tool", "status").stdout


def ends(host):
    """When it ends, as `status` says."""
    found = re.search(r"Breakglass is active until (.*?): while", state(host))
    return datetime.datetime.strptime(found[1].replace(":", ""), "%Y-%m-%d %H%M%S %z")


def events(host, name):
    """The fields of each such event, the oldest first."""
    lines = host.out("journalctl", "--no-pager", "--output=json", "--unit=himmelblaud", f"HIMMELBLAU_EVENT={name}").splitlines()
    return [{key.removeprefix("HIMMELBLAU_").lower(): value for key, value in json.loads(line).items() if key.startswith("HIMMELBLAU_")} for line in lines]


def configure(host, section):
    """Writes the section of breakglass anew; it is in effect afterwards."""
    text = host.out("cat", CONFIGURATION).split("[offline_breakglass]")[0]
    host.write(CONFIGURATION, text.rstrip() + "\n" + section)
    host.out("aad-tool", "config", "reload")


@pytest.fixture
def configured(host):
    """What a test writes with configure() is undone."""
    yield host
    configure(host, OPTIONS.format(enabled="true"))


def await_end(host):
    wait_for(lambda: "Breakglass is active" not in state(host), NOTICED_WITHIN, "breakglass has ended")


def test_users_of_two_factors_only_while_it_is_active(host, user):
    with host.offline():
        is_refused_without_a_question(host, user)
        assert command(host, "--ttl", "90m").returncode == 0
        assert opens(host, user)
        used = len(events(host, "breakglass.used"))
        is_wrong(host, user, "Wrong-pass-1", before=EMERGENCY)
        assert len(events(host, "breakglass.used")) == used, "a wrong password is no use of it"
        assert command(host, "--ttl", "0").returncode == 0
        is_refused_without_a_question(host, user)


def test_each_sentence_has_a_test_that_is_there():
    named = {name for names in SHOWN_BY.values() for name in names}
    assert named - {name for name, what in globals().items() if callable(what)} == set()


def test_users_of_one_factor_and_users_with_a_pin_always(host):
    host.tenant("setting", "mfa-for-portal", "false")
    single = host.new_user(mfa="")
    try:
        sign_in_online(host, single, factor=False)
    finally:
        host.tenant("setting", "mfa-for-portal", "true")
    pin = host.new_user().enrol()
    with host.offline():
        for active in (False, True):
            if active:
                command(host, "--ttl", "1h")
            assert opens(host, single, before="")
            with pin.console(timeout=60) as session:
                session.pin(PIN)
                session.shell()
                assert "Emergency" not in session.terminal.transcript()


def test_users_without_a_password_not_even_then(host):
    user = host.new_user()
    access = host.tenant("tap", user.upn).stdout.strip()
    with dialogue(host, user) as session:
        session.see("Please enter your Temporary Access Pass:\nCode: ")
        session.say(access)
        assert session.terminal.end() == 0
    with host.offline():
        is_refused_without_a_question(host, user)
        command(host, "--ttl", "1h")
        is_refused_without_a_question(host, user, told=NOT_FOR_YOU)
        assert "cached password: not possible: none is kept" in host.run("aad-tool", "explain", user.name, "--service", SERVICE).stdout


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


@pytest.mark.parametrize("ttl, seconds", [("2h", 7200), ("90m", 5400), ("1d", 86400), ("300s", 300), ("3600", 3600)])
def test_the_argument_says_how_long(host, ttl, seconds):
    assert command(host, "--ttl", ttl).returncode == 0
    assert events(host, "breakglass.open")[-1]["seconds"] == str(seconds)
    left = ends(host) - datetime.datetime.now(datetime.timezone.utc)
    assert -120 < left.total_seconds() - seconds < 10


@pytest.mark.parametrize("option, seconds", [("", 7200), ("ttl = 2h", 7200), ("ttl = 90m", 5400), ("ttl = 1d", 86400), ("ttl = 300s", 300), ("ttl = 3600", 3600)])
def test_the_option_says_how_long(configured, option, seconds):
    configure(configured, f"[offline_breakglass]\nenabled = true\n{option}\n")
    assert command(configured).returncode == 0
    assert events(configured, "breakglass.open")[-1]["seconds"] == str(seconds)


def test_without_the_section_it_is_disabled(configured):
    configure(configured, "")
    assert "Breakglass is disabled" in command(configured, "--ttl", "1h").stderr
    assert "Breakglass is active" not in state(configured)


def test_disabling_ends_it(configured, user):
    with configured.offline():
        command(configured, "--ttl", "1h")
        assert opens(configured, user)
        configure(configured, OPTIONS.format(enabled="false"))
        is_refused_without_a_question(configured, user)
        configure(configured, OPTIONS.format(enabled="true"))
        assert "Breakglass is active" not in state(configured)
        is_refused_without_a_question(configured, user)


def test_it_ends_by_itself(host, user):
    with host.offline():
        command(host, "--ttl", "30s")
        assert opens(host, user)
        wait_for(lambda: "Breakglass is active" not in state(host), 60, "its time is up")
        is_refused_without_a_question(host, user)
    sign_in_online(host, user)


def test_a_restart_does_not_change_its_end(host, user):
    with host.offline():
        command(host, "--ttl", "30m")
        end = ends(host)
        host.restart()
        # The seconds are cut off, so that the same instant may be shown as the one or the next.
        assert abs((ends(host) - end).total_seconds()) <= 1
        assert opens(host, user)


def test_who_asks_changes_nothing(host, user):
    """Otherwise the question would count as an outage, and the next sign-in as its end."""
    command(host, "--ttl", "1h")
    used = len(events(host, "breakglass.used"))
    for _ in range(3):
        assert "Breakglass is active" in state(host)
        host.run("aad-tool", "explain", user.name)
    sign_in_online(host, user)
    assert "Breakglass is active" in state(host)
    with host.offline():
        assert re.search(r"^note +breakglass +active until ", host.run("aad-tool", "explain", user.name).stdout, re.MULTILINE)
    assert len(events(host, "breakglass.used")) == used


def test_activated_and_reconnected_it_opens_nothing_in_the_next_outage(host, user):
    with host.offline():
        command(host)
        host.out("sleep", "6")  # the first question to the directory, which is asked at once
    sign_in_online(host, user)
    with host.offline():
        is_refused_without_a_question(host, user)


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
    before = deleted(host)
    try:
        host.write(CONFIGURATION, host.out("cat", CONFIGURATION).replace("enabled = true", "enabled = false") + "\n")
        wait_for(lambda: "Breakglass is disabled" in command(host, "--ttl", "1h").stderr, 20, "the option has taken effect")
        sign_in_online(host, late)
        wait_for(lambda: deleted(host) > before, 150, "the cached passwords have been deleted")
    finally:
        host.write(CONFIGURATION, host.out("cat", CONFIGURATION).replace("enabled = false", "enabled = true") + "\n")
    wait_for(lambda: "Breakglass is disabled" not in command(host, "--ttl", "0").stderr, 20, "the option has taken effect")
    with host.offline():
        command(host, "--ttl", "1h")
        is_refused_without_a_question(host, late, told=NOT_FOR_YOU)
        is_refused_without_a_question(host, user, told=NOT_FOR_YOU)


def deleted(host):
    return len([event for event in events(host, "login.verifier.ended") if event.get("why") == "breakglass is disabled"])


def test_a_password_that_was_changed_elsewhere_opens_nothing(host, user):
    host.tenant("user", "add", user.upn, "--password", "Changed-elsewhere-1", "--name", user.name, "--mfa", "PhoneAppNotification")
    is_wrong(host, user)  # the directory says so
    with host.offline():
        command(host, "--ttl", "1h")
        is_refused_without_a_question(host, user)


def test_a_new_password_that_was_used_online_takes_the_place_of_the_old_one(host, user):
    fresh = "Changed-elsewhere-2"
    host.tenant("user", "add", user.upn, "--password", fresh, "--name", user.name, "--mfa", "PhoneAppNotification")
    user.password = fresh
    sign_in_online(host, user)
    with host.offline():
        command(host, "--ttl", "1h")
        is_wrong(host, user, PASSWORD, before=EMERGENCY)
        assert opens(host, user, fresh)


def test_everything_is_an_event(configured, user):
    """Also what nobody does: nothing is asked here between an activation and its end."""

    def closed():
        return [event["why"] for event in events(configured, "breakglass.closed")]

    used, before = len(events(configured, "breakglass.used")), len(closed())
    with configured.offline():
        command(configured, "--ttl", "20m")
        assert events(configured, "breakglass.open")[-1]["seconds"] == "1200"
        assert opens(configured, user)
        assert [event["account"] for event in events(configured, "breakglass.used")[used:]] == [user.upn]
        command(configured, "--ttl", "0")
        command(configured, "--ttl", "2s")
        wait_for(lambda: len(closed()) == before + 2, 60, "its time is up")
        command(configured, "--ttl", "1h")
        configure(configured, OPTIONS.format(enabled="false"))
        configure(configured, OPTIONS.format(enabled="true"))
        command(configured, "--ttl", "1h")
        assert opens(configured, user)
    wait_for(lambda: len(closed()) == before + 4, NOTICED_WITHIN, "the outage is over")
    assert closed()[before:] == ["by hand", "its time is up", "it was disabled", "the directory can be reached again"]
