"""pam_himmelblau.so beside modules that have asked for a secret before it: use_first_pass and try_unseal."""

import pytest

from real_host import wait_for
from running_lab import PIN, TerminalSession

# pam_unix asks, does not know the account, and leaves what was typed.
ASKED_BEFORE = "auth optional pam_unix.so\n"


@pytest.fixture(scope="module")
def services(lab):
    lab.write("/etc/pam.d/first-pass", ASKED_BEFORE + "auth required pam_himmelblau.so use_first_pass\n")
    lab.write("/etc/pam.d/nothing-before", "auth required pam_himmelblau.so use_first_pass\n")
    lab.write("/etc/pam.d/unseal", ASKED_BEFORE + "auth optional pam_himmelblau.so try_unseal\nauth required pam_permit.so\n")
    yield
    lab.run("sh", "-c", "cd /etc/pam.d && rm first-pass nothing-before unseal")


@pytest.fixture
def user(lab, services):
    return lab.new_user().enrol()


def authenticate(lab, service, user, secret):
    """What pamtester shows; one secret is typed, and nothing else is asked for."""
    with lab.terminal("pamtester", service, user.name, "authenticate", timeout=30) as terminal:
        if secret is not None:
            terminal.until("Password: ")
            terminal.type(secret)
        code = terminal.end()
        return code, terminal.transcript()


def lines(lab, event, user):
    return [line for line in lab.log().splitlines() if event in line and user.name in line]


def test_first_pass_is_the_pin(lab, user):
    code, said = authenticate(lab, "first-pass", user, PIN)
    assert code == 0 and "PIN: " not in said, said


def test_a_wrong_first_pass_counts_once_then_the_user_is_asked(lab, user):
    with lab.terminal("pamtester", "first-pass", user.name, "authenticate", timeout=30) as terminal:
        terminal.until("Password: ")
        terminal.type("918273")
        terminal.until("PIN: ")
        terminal.type(PIN)
        assert terminal.end() == 0, terminal.transcript()
    assert len(lines(lab, "login.wrong", user)) == 1


def test_without_a_first_pass_nothing_is_asked(lab, user):
    code, said = authenticate(lab, "nothing-before", user, None)
    assert code != 0 and "PIN: " not in said and "assword: " not in said, said


def test_unseal_renews_the_session(lab, user):
    before = len(lab.requests())
    assert authenticate(lab, "unseal", user, PIN)[0] == 0
    wait_for(lambda: lines(lab, "login.unsealed", user), 20, "the session was renewed")
    assert len(lab.requests()) > before


def test_passwords_of_other_modules_cost_no_pin(lab, user):
    """Another module admits the user with a password of its own, more often than a PIN may be wrong."""
    for _ in range(4):
        assert authenticate(lab, "unseal", user, "Another-secret-1")[0] == 0
    wait_for(lambda: lines(lab, "login.wrong", user), 20, "the first one was tried")
    with user.console() as session:
        session.pin(PIN)
        session.shell()
    wrong = lines(lab, "login.wrong", user)
    assert len(wrong) == 1 and "unseal" in wrong[0], wrong


def test_a_sign_in_of_ours_passes_nothing_on(lab, user):
    """Here the secret is a password, which would count as a wrong PIN."""
    lab.write("/etc/pam.d/ours-and-unseal", "auth required pam_himmelblau.so set_authtok no_hello_pin\nauth optional pam_himmelblau.so try_unseal\n")
    with TerminalSession(lab.terminal("pamtester", "ours-and-unseal", user.name, "authenticate", timeout=30)) as session:
        session.password(user.password)
        user.approve(session.number(press_enter=False))
        assert session.terminal.end() == 0
    lab.out("rm", "/etc/pam.d/ours-and-unseal")
    with user.console() as session:
        session.pin(PIN)
        session.shell()
    assert lines(lab, "login.wrong", user) == []
