"""A part is stopped and started from the shell while users sign in."""

import pytest

from running_lab import PASSWORD, PIN, TerminalSession


def shell(lab, *lines):
    done = lab.run("aad-tool", "shell", text="".join(line + "\n" for line in lines))
    assert done.returncode == 0 and "gogo:" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture
def without_push(lab):
    shell(lab, "stop himmelblau.mfa.push")
    yield
    shell(lab, "start himmelblau.mfa.push")


def test_only_users_of_the_missing_method_notice(lab, enrolled, without_push):
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()
    assert lab.out("id", "-un", lab.out("id", "-u", enrolled.name)) == enrolled.name
    user = lab.new_user()
    with TerminalSession(user.ssh(timeout=60).terminal) as session:
        session.terminal.until("Password: ")
        session.say(PASSWORD)
        # No method is left, so asking again would not help (decision 0742).
        said = session.terminal.until("Permission denied", want_match=True)
        text = session.terminal.transcript()
        assert "Open your Authenticator app" not in text
        assert said


def test_a_sign_in_waits_for_the_part_that_comes_back(lab):
    user = lab.new_user()
    shell(lab, "stop himmelblau.mfa.push")
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        lab.run("sleep", "1")
        shell(lab, "start himmelblau.mfa.push")
        number = session.terminal.until(r"enter the number '(\d+)' to sign in", want_match=True)[1]
        user.approve(number)
        session.enter()
        session.terminal.until("New PIN: ")
        session.say(PIN)
        session.terminal.until("Confirm PIN: ")
        session.say(PIN)
        session.shell()


def test_it_works_again_without_a_restart(lab):
    pid = lab.daemon_pid()
    shell(lab, "stop himmelblau.mfa.push", "start himmelblau.mfa.push")
    lab.new_user().enrol()
    assert lab.daemon_pid() == pid


def test_sign_ins_go_on_while_parts_are_replaced(lab, enrolled):
    for name in ("himmelblau.mfa.push", "himmelblau.hello", "himmelblau.login", "himmelblau.directory"):
        with enrolled.ssh(timeout=60) as session:
            session.see(TerminalSession.ASK_PIN)
            shell(lab, f"stop {name}", f"start {name}")
            session.say(PIN)
            signed_in = "$" in session.terminal.until(r"([$] $|PIN: |Password: )", want_match=True)[0]
        # A conversation on the replaced part may end, but says so and can be tried again; one beside it goes on.
        assert signed_in or name != "himmelblau.mfa.push"
        with enrolled.ssh(timeout=60) as session:
            session.pin(PIN)
            session.shell()


def test_lookups_do_not_notice(lab, enrolled):
    uid = lab.out("id", "-u", enrolled.name)
    shell(lab, "stop himmelblau.directory")
    try:
        done, seconds = lab.timed("getent", "passwd", uid)
        assert done.returncode == 0 and seconds < 0.3
    finally:
        shell(lab, "start himmelblau.directory")
