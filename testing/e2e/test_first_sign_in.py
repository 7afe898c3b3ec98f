"""The path of issue 2, end to end, in the words that users see."""

import re

from running_lab import DOMAIN, PASSWORD, PIN, TerminalSession, User


def test_first_sign_in_then_only_the_pin(lab):
    """Password, number match, device join, PIN, a shell in a new home; the second time the PIN."""
    user = User(lab, "user02", f"user02@{DOMAIN}", PASSWORD)
    lab.await_name("user02")

    with user.ssh() as session:
        session.password(PASSWORD)
        number = session.number()
        assert re.fullmatch(r"\d\d", number)
        user.approve(number)
        session.enter()
        session.new_pin(PIN)
        greeting = session.shell()
        assert TerminalSession.ENROLLING in greeting
        assert session.ask("id -un") == "user02"
        home = session.ask("pwd")
        assert home.startswith("/home/")
        assert session.ask("touch made-here && stat -c %U made-here") == "user02"
        assert session.leave() == 0

    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        assert session.ask("pwd") == home
        assert session.ask("ls made-here") == "made-here"
        assert session.leave() == 0


def test_a_user_who_was_never_seen_is_found_at_the_first_lookup(lab, enrolled):
    """sshd asks once, before the sign-in, and takes no for an answer."""
    lab.tenant("user", "add", f"newcomer@{DOMAIN}", "--password", PASSWORD)
    done, seconds = lab.timed("getent", "passwd", "newcomer")
    assert done.returncode == 0 and seconds < 0.3


def test_the_device_is_joined_and_the_key_registered_once(lab, enrolled):
    joins = [
        entry for entry in lab.requests()
        if entry["host"] == "enterpriseregistration.windows.net" and entry["method"] == "POST"
        and "device" in entry["path"].lower() and "key" not in entry["path"].lower()
    ]
    assert len([entry for entry in joins if entry["status"] == 200]) == 1, joins
    before = len(lab.requests())
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()
        session.leave()
    later = lab.requests()[before:]
    assert not [entry for entry in later if entry["host"] == "enterpriseregistration.windows.net"]


def test_no_secret_in_a_log(lab, enrolled):
    for part in ("daemon", "tasks", "sshd", "syslog"):
        text = lab.log(part)
        assert PASSWORD not in text
        assert PIN not in text
        assert not re.search(r"eyJ[A-Za-z0-9_-]{40}", text), f"a token in the log of {part}"


def test_lines_of_one_sign_in_share_a_correlation_id(lab, enrolled):
    before = len(lab.log())
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()
        session.leave()
    lines = [line for line in lab.log()[before:].splitlines() if "conversation=" in line]
    ids = {re.search(r"conversation=(\S+)", line)[1] for line in lines}
    assert lines and len(ids) <= 3, "authenticate, account and session are the only conversations"


def test_home_is_the_users_own(lab, enrolled):
    fields = lab.out("getent", "passwd", enrolled.name).split(":")
    owner, mode = lab.out("stat", "-Lc", "%u %a", fields[5]).split()
    assert owner == fields[2]
    assert mode == "750"
    assert fields[6] == "/bin/bash"


def test_without_mfa_poll_prompt_nothing_asks_for_enter(lab):
    """The packaged PAM line as it is: the number stands above the next prompt."""
    lab.write("/etc/pam.d/e2e-plain", "auth required pam_himmelblau.so\naccount required pam_permit.so\n")
    user = lab.new_user()
    with TerminalSession(lab.terminal("pamtester", "e2e-plain", user.name, "authenticate")) as session:
        session.password(user.password)
        number = session.number(press_enter=False)
        user.approve(number)
        session.new_pin(PIN)
        assert "successfully authenticated" in session.terminal.until(r"successfully authenticated", want_match=True)[0]
