"""aad-tool, and the shell on the live daemon."""

import re

import pytest

from running_lab import PASSWORD, PIN, TerminalSession


def test_status_and_version(lab):
    assert lab.out("aad-tool", "status") == "working!"
    assert re.fullmatch(r"himmelblau \d+\.\d+\.\d+\S*", lab.out("aad-tool", "version"))


def test_status_of_a_stopped_daemon(lab):
    lab.lab("stop", "daemon")
    try:
        done = lab.run("aad-tool", "status")
        assert "working" not in done.stdout
        assert "himmelblaud" in done.stdout + done.stderr
    finally:
        lab.start()


def test_auth_test_plays_the_sign_in(lab, enrolled):
    with TerminalSession(lab.terminal("aad-tool", "auth-test", "--name", enrolled.name, timeout=30)) as session:
        session.pin(PIN)
        assert session.terminal.end() == 0


def test_auth_test_first_sign_in(lab):
    user = lab.new_user()
    with TerminalSession(lab.terminal("aad-tool", "auth-test", "--name", user.name, timeout=30)) as session:
        session.password(PASSWORD)
        user.approve(session.number(press_enter=False))
        session.new_pin(PIN)
        assert session.terminal.end() == 0


def test_auth_test_refusal(lab, enrolled):
    done = lab.run("aad-tool", "auth-test", "--name", enrolled.name, text="\n", timeout=40)
    assert done.returncode == 1
    assert lab.run("aad-tool", "auth-test", "--name", "no@such@name").returncode == 1


def test_cache_clear_keeps_the_enrolment(lab, enrolled):
    assert lab.out("aad-tool", "cache-clear") == "success"
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


@pytest.mark.parametrize("answer", ["n", "", "maybe"])
def test_cache_clear_full_asks_and_does_nothing_without_a_yes(lab, enrolled, answer):
    with lab.terminal("aad-tool", "cache-clear", "--full") as terminal:
        terminal.see(
            "This will unjoin the host, clear all caches, and cannot be undone. Proceed? [Y/N]: "
        )
        terminal.type(answer)
        assert terminal.end() == 0
        assert "success" not in terminal.transcript()
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_cache_clear_full_starts_over(another):
    lab = another()
    user = lab.new_user().enrol()
    with lab.terminal("aad-tool", "cache-clear", "--full") as terminal:
        terminal.until(r"Proceed\? \[Y/N\]: ")
        terminal.type("y")
        terminal.until("success")
        assert terminal.end() == 0
    lab.await_name(user.name)  # sshd decides by its first lookup, and nobody is known now
    with user.ssh() as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.new_pin(PIN)
        session.shell()


@pytest.mark.parametrize("words", [("cache-clear",), ("cache-clear", "--full"), ("shell",)])
def test_root_only(lab, words):
    lab.run("useradd", "-m", "mallory")
    done = lab.run("aad-tool", *words, user="mallory", text="y\n")
    assert done.returncode == 1
    assert "This command must be run as root." in done.stdout + done.stderr


@pytest.mark.parametrize("words", [(), ("no-such-command",), ("auth-test",), ("status", "--no-such-option")])
def test_usage_errors(lab, words):
    assert lab.run("aad-tool", *words).returncode == 2


def test_shell_on_the_live_daemon(lab):
    with lab.terminal("aad-tool", "shell", timeout=30) as terminal:
        terminal.until(r"g! ")
        terminal.type("lb")
        assert "himmelblau.login" in terminal.until(r"g! ").lower() or "login" in terminal.transcript()
        terminal.type("scr:list")
        assert "himmelblau" in terminal.until(r"g! ")
        terminal.type("plugins")
        assert "PhoneAppNotification" in terminal.until(r"g! ")
        terminal.type("exit")
        assert terminal.end() == 0
    assert lab.out("aad-tool", "status") == "working!", "leaving the shell does not stop the daemon"


def test_shell_reads_commands_from_a_pipe(lab):
    done = lab.run("aad-tool", "shell", text="lb\n")
    assert done.returncode == 0
    assert "himmelblau" in done.stdout
