"""su, su -l, and login on a getty."""

from pathlib import Path

import pytest

from real_host import AT_ONCE, LOCAL, LOCAL_PASSWORD, REFUSED_WITHIN, STUCK, UNKNOWN, is_refused, make_local, users, state, works_at_once  # noqa: F401
from running_lab import PIN, TerminalSession

NEIGHBOUR = "neighbour"


@pytest.fixture(scope="module", autouse=True)
def neighbour(lab):
    """An account of the host that becomes others."""
    return make_local(lab, NEIGHBOUR)


def su(lab, *words, timeout=REFUSED_WITHIN):
    return TerminalSession(lab.terminal("setpriv", f"--reuid={NEIGHBOUR}", f"--regid={NEIGHBOUR}", "--init-groups", "su", *words, timeout=timeout))


@pytest.mark.parametrize("how", [(), ("-l",)], ids=["su", "su -l"])
class TestSu:
    def test_to_an_account_of_the_host(self, lab, state, how):
        assert works_at_once(lab, "su", *how, LOCAL, "-c", "id -un") == LOCAL
        with su(lab, *how, LOCAL) as session:
            session.terminal.until("Password: ", timeout=AT_ONCE)
            session.say(LOCAL_PASSWORD)
            session.terminal.until(r"\$ $", timeout=AT_ONCE)
            assert session.ask("id -un") == LOCAL

    def test_to_a_user_of_the_directory(self, lab, state, how, enrolled):
        command = ("su", *how, enrolled.name, "-c", "id -un; pwd -P")
        if state != "running":
            is_refused(lab, *command)
            with su(lab, *how, enrolled.name) as session:
                text = session.terminal.until("(?i)password: |authentication failure|failure", timeout=REFUSED_WITHIN, want_match=True)[0]
                if "assword" in text:
                    session.say("guess")
                assert session.terminal.end(REFUSED_WITHIN) == 1
            return
        home = lab.out("realpath", lab.out("getent", "passwd", enrolled.name).split(":")[5])
        name, place = lab.out(*command).split("\n")
        assert name == enrolled.name and (place == home) == bool(how)
        with su(lab, *how, enrolled.name) as session:
            session.pin(PIN)
            session.shell()
            assert session.ask("id -un") == enrolled.name

    def test_to_nobody(self, lab, state, how):
        text = is_refused(lab, "su", *how, UNKNOWN, "-c", "true")
        assert f"user {UNKNOWN} does not exist" in text


@pytest.fixture(scope="module")
def getty(lab):
    return lab.put(Path(__file__).with_name("getty.py"))


@pytest.fixture
def console(lab, getty):
    """login, started by a getty for the name that was typed."""
    with lab.terminal("python3", getty, timeout=REFUSED_WITHIN) as terminal:
        terminal.until("login: ")
        yield TerminalSession(terminal)


class TestLogin:
    def test_an_account_of_the_host(self, console, state):
        console.say(LOCAL)
        console.terminal.until("Password: ", timeout=AT_ONCE)
        console.say(LOCAL_PASSWORD)
        console.terminal.until(r"\$ $", timeout=AT_ONCE)
        assert console.ask("id -un") == LOCAL
        pid, parent = console.ask("systemctl show --property=MainPID --value container-getty@$(basename $(tty)); echo $PPID").split("\n")
        assert pid == parent, "the login that the getty became has started the shell"

    def test_a_user_of_the_directory(self, lab, console, state, enrolled):
        console.say(enrolled.name)
        if state == "running":
            console.terminal.until("PIN: ")
            console.say(PIN)
            console.shell()
            assert console.ask("id -un") == enrolled.name
            assert enrolled.name in lab.out("loginctl", "--no-legend", "list-sessions")
        else:
            console.terminal.until("Password: ")
            console.say("guess")
            assert "$ " not in console.terminal.until("Login incorrect")

    def test_nobody(self, console, state):
        console.say(UNKNOWN)
        # Only the daemon knows whether it is somebody of the directory who is new here: a stuck one is waited for.
        console.terminal.until("Password: ", timeout=AT_ONCE + (STUCK if state == "stuck" else 0))
        console.say("guess")
        console.terminal.until("Login incorrect", timeout=2 * AT_ONCE)
