"""People of the host itself keep what they had before we came: their passwords, and changing them."""

import re

import pytest

from stand import Door

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
def person(lab, stack):
    """Made and given a password in one breath, as scripts do."""
    name = f"local{len(lab.out('ls', '/home').split())}"
    script = f"useradd -m -s /bin/bash {name} && echo {name}:{FIRST} | chpasswd"
    done = lab.run("sh", "-c", script)
    assert done.returncode == 0, done.stderr
    return name


def signs_in(lab, name, password):
    with lab.ssh(name) as door:
        door.terminal.until("Password: ")
        door.say(password)
        door.shell()
        assert door.ask("id -un") == name


def passwd(lab, name, *answers, end):
    """As the person themselves, until they read the end; a host's other modules may ask on after something wrong."""
    command = ("setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups", "passwd")
    with Door(lab.terminal(*command)) as door:
        for prompt, answer in answers:
            door.terminal.until(prompt)
            door.say(answer)
        door.terminal.until(end)
        return door.terminal.transcript()


def test_a_new_one_signs_in(lab, person):
    signs_in(lab, person, FIRST)


CURRENT, NEW, AGAIN = "Current password: ", "New password: ", "Retype new password: "


def test_a_change_of_ones_own(lab, person):
    text = passwd(lab, person, (CURRENT, FIRST), (NEW, SECOND), (AGAIN, SECOND), end="password updated successfully")
    assert "PIN" not in text
    signs_in(lab, person, SECOND)


def test_a_change_by_root(lab, person):
    done = lab.run("passwd", person, text=f"{SECOND}\n{SECOND}\n")
    assert done.returncode == 0, done.stderr
    signs_in(lab, person, SECOND)


def test_a_wrong_password_changes_nothing(lab, person):
    passwd(lab, person, (CURRENT, SECOND), end="(?i)unchanged|current password: ")
    signs_in(lab, person, FIRST)


def test_two_that_differ_change_nothing(lab, person):
    passwd(lab, person, (CURRENT, FIRST), (NEW, SECOND), (AGAIN, SECOND + "x"), end="Sorry, passwords do not match.")
    signs_in(lab, person, FIRST)


def test_with_the_daemon_stopped(lab, person):
    lab.lab("stop", "daemon")
    try:
        done = lab.run("chpasswd", text=f"{person}:{SECOND}\n")
        assert done.returncode == 0, done.stderr
    finally:
        lab.start()
    signs_in(lab, person, SECOND)
