"""The daemon dies at any moment: either the old state or the new, never neither."""

import pytest

from stand import PASSWORD, PIN, Door


@pytest.fixture(autouse=True)
def alive(lab):
    """Also after a test that failed half way."""
    yield
    lab.start()
    lab.start("tasks")


def signs_in_somehow(user):
    """By the PIN when there is one, else by the whole path; the PIN then works."""
    with user.ssh(timeout=30) as door:
        text = door.terminal.peek(r"(PIN: |Password: )")
        has_pin = "Linux Hello PIN" in text
        if has_pin:
            door.pin(PIN)
            door.shell()
            return
    user.enrol()
    with user.ssh() as door:
        door.pin(PIN)
        door.shell()


@pytest.mark.parametrize("stage", ["at the password", "at the number", "approved", "at the PIN", "confirmed", "in the shell"])
def test_killed_during_an_enrolment(lab, enrolled, stage):
    user = lab.person()
    with user.ssh(timeout=30) as door:
        walk(door, user, stage)
        lab.kill_daemon()
        if stage not in ("confirmed", "in the shell"):
            door.enter()
            door.terminal.until(r"(Password: |Connection closed|Permission denied)")
    lab.start()
    signs_in_somehow(user)
    with enrolled.ssh() as door:
        door.pin(PIN)
        door.shell()


def walk(door, user, stage):
    door.see(Door.PASSWORD)
    if stage == "at the password":
        return door.say(PASSWORD)
    door.say(PASSWORD)
    number = door.number()
    if stage == "at the number":
        return None
    user.approve(number)
    if stage == "approved":
        return door.enter()
    door.enter()
    if stage == "at the PIN":
        return door.see(Door.SET_UP.format(length=6) + "New PIN: ")
    door.new_pin(PIN)
    if stage == "confirmed":
        return None
    door.shell()
    return None


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15, 0.4])
def test_killed_while_a_pin_is_checked(lab, enrolled, delay):
    with enrolled.ssh() as door:
        door.pin(PIN)
        lab.run("sleep", delay)
        lab.kill_daemon()
    lab.start()
    with enrolled.ssh() as door:
        door.pin(PIN)
        door.shell()


def test_an_open_shell_does_not_notice(lab, enrolled):
    with enrolled.ssh() as door:
        door.pin(PIN)
        door.shell()
        lab.kill_daemon()
        try:
            assert door.ask("id -un") == enrolled.name
        finally:
            lab.start()
        assert door.ask("echo ~") != "~"


def test_restart_of_each_part(lab, enrolled):
    for part in ("daemon", "tasks", "sshd"):
        lab.restart(part)
        with enrolled.ssh() as door:
            door.pin(PIN)
            door.shell()


def test_the_helper_comes_back_after_the_daemon(lab):
    """A new home still gets made, although the helper was not restarted."""
    lab.restart()
    user = lab.person().enrol()
    assert lab.run("test", "-d", lab.out("getent", "passwd", user.name).split(":")[5]).returncode == 0


def test_without_the_helper_a_sign_in_still_works(lab, enrolled):
    lab.lab("stop", "tasks")
    try:
        with enrolled.ssh(timeout=30) as door:
            door.pin(PIN)
            door.shell()
    finally:
        lab.start("tasks")
