"""Users of the host itself keep what they had before we came: their passwords, and changing them."""

import re

import pytest

from running_lab import TerminalSession

FIRST, SECOND = "Kept-in-shadow-1", "Kept-in-shadow-2"


@pytest.fixture(scope="module", params=["as this host has it", "pam_unix right after ours"])
def stack(lab, request):
    """pam_unix is told to take over the new password from a module before it, which then is ours or one that checks passwords."""
    if "right after" in request.param:
        lab.out("pam-auth-update", "--package", "--disable", "pwquality")
    lab.write("/etc/security/pwquality.conf", "dictcheck = 0\n")  # not every host has a dictionary
    lines = re.findall(r"^password.*\b(pam_\w+\.so)", lab.out("cat", "/etc/pam.d/common-password"), re.MULTILINE)
    if "right after" in request.param:
        assert lines[:2] == ["pam_himmelblau.so", "pam_unix.so"]
    yield request.param
    if "right after" in request.param:
        lab.run("pam-auth-update", "--package", "--enable", "pwquality")


@pytest.fixture
def user(lab, stack):
    """Made and given a password in one breath, as scripts do."""
    name = f"local{len(lab.out('ls', '/home').split())}"
    script = f"useradd -m -s /bin/bash {name} && echo {name}:{FIRST} | chpasswd"
    done = lab.run("sh", "-c", script)
    assert done.returncode == 0, done.stderr
    return name


def signs_in(lab, name, password):
    with lab.ssh(name) as session:
        session.terminal.until("Password: ")
        session.say(password)
        session.shell()
        assert session.ask("id -un") == name


def passwd(lab, name, *answers, end):
    """As the user themselves, until they read the end; a host's other modules may ask on after something wrong."""
    command = ("setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups", "passwd")
    with TerminalSession(lab.terminal(*command)) as session:
        for prompt, answer in answers:
            session.terminal.until(prompt)
            session.say(answer)
        session.terminal.until(end)
        return session.terminal.transcript()


def test_a_new_one_signs_in(lab, user):
    signs_in(lab, user, FIRST)


CURRENT, NEW, AGAIN = "Current password: ", "New password: ", "Retype new password: "


def test_a_change_of_ones_own(lab, user):
    text = passwd(lab, user, (CURRENT, FIRST), (NEW, SECOND), (AGAIN, SECOND), end="password updated successfully")
    assert "PIN" not in text
    signs_in(lab, user, SECOND)


def test_a_change_by_root(lab, user):
    done = lab.run("passwd", user, text=f"{SECOND}\n{SECOND}\n")
    assert done.returncode == 0, done.stderr
    signs_in(lab, user, SECOND)


def test_a_wrong_password_changes_nothing(lab, user):
    passwd(lab, user, (CURRENT, SECOND), end="(?i)unchanged|current password: ")
    signs_in(lab, user, FIRST)


def test_two_that_differ_change_nothing(lab, user):
    passwd(lab, user, (CURRENT, FIRST), (NEW, SECOND), (AGAIN, SECOND + "x"), end="Sorry, passwords do not match.")
    signs_in(lab, user, FIRST)


def test_with_the_daemon_stopped(lab, user):
    lab.lab("stop", "daemon")
    try:
        done = lab.run("chpasswd", text=f"{user}:{SECOND}\n")
        assert done.returncode == 0, done.stderr
    finally:
        lab.start()
    signs_in(lab, user, SECOND)
