"""The PIN: counted, bound to its person, good without a network."""

import re
import subprocess

from stand import PASSWORD, PIN, Door

WRONG = "Failed to authenticate with Hello PIN.\n"
LAST_CHANCE = (
    "Failed to authenticate with Hello PIN. One more failed attempt will require multi-factor authentication"
    " and will reset your Linux Hello PIN.\n"
)
LOST = "Too many incorrect PIN attempts. You will need to enroll a new Linux Hello PIN.\n"


def test_three_wrong_pins_lead_to_full_mfa_and_a_new_pin(lab):
    """The third ends the connection, so that sshd counts it; the next one begins without the PIN."""
    user = lab.person().enrol()
    with user.ssh(timeout=30, level="INFO") as door:
        door.pin("100200")
        door.pin("100201", before=WRONG)
        door.pin("100202", before=LAST_CHANCE)
        assert LOST.strip() in door.terminal.until("Permission denied")
    with user.ssh(timeout=30) as door:
        door.password(PASSWORD)
        user.approve(door.number())
        door.enter()
        door.new_pin("564738")
        door.shell()
    with user.ssh() as door:
        door.pin(PIN)
        door.pin("564738", before=WRONG)
        door.shell()


def test_the_count_survives_a_restart_and_is_per_person(lab):
    user, other = lab.person().enrol(), lab.person().enrol()
    for pin in ("100200", "100201"):
        with user.ssh(timeout=30) as door:
            door.pin(pin)
            door.terminal.until("PIN: ")
    lab.restart()
    with other.ssh() as door:
        door.pin("100200")
        door.pin(PIN, before=WRONG)
        door.shell()
    with user.ssh(timeout=30) as door:
        door.pin("100202")
        door.password(PASSWORD, before=LOST)


def test_a_success_sets_the_count_back(lab):
    user = lab.person().enrol()
    for _ in range(2):
        with user.ssh(timeout=30) as door:
            door.pin("100200")
            door.pin("100201", before=WRONG)
            door.pin(PIN, before=LAST_CHANCE)
            door.shell()


def test_another_local_user_cannot_burn_the_count(lab, enrolled):
    """Neither by the module nor by the socket: for a stranger there is no PIN prompt."""
    lab.run("useradd", "-m", "mallory")
    for _ in range(4):
        done = lab.run(
            "aad-tool", "auth-test", "--name", enrolled.name, user="mallory", text="100200\n" * 4, timeout=40
        )
        assert done.returncode != 0
        assert "PIN: " not in done.stdout + done.stderr
    with enrolled.ssh() as door:
        door.pin(PIN)
        door.shell()


def test_pin_works_with_the_tenant_stopped_and_a_wrong_one_does_not(lab):
    user = lab.person().enrol()
    with lab.offline():
        with user.ssh(timeout=30) as door:
            door.pin("100200")
            door.pin(PIN, before=WRONG)
            door.shell()
            assert door.ask("id -un") == user.name
    with user.ssh() as door:
        door.pin(PIN)
        door.shell()


def test_offline_and_restarted_the_pin_still_works(lab):
    user = lab.person().enrol()
    with lab.offline():
        lab.restart()
        with user.ssh(timeout=30) as door:
            door.pin(PIN)
            door.shell()


def test_offline_without_a_pin_is_an_outage(lab):
    user = lab.person()
    with lab.offline():
        done = lab.run("pamtester", "sshd", user.name, "authenticate")
        assert "Network outage detected." in done.stdout + done.stderr
        assert "Critical error - immediate abort" in done.stdout + done.stderr
        with user.ssh(timeout=30) as door:  # sshd shows a message only together with a prompt
            assert "Permission denied" in door.terminal.until("Permission denied.*", want_match=True)[0]


def test_a_host_that_was_removed_opens_to_nobody_offline(another):
    """Not while it is out, not after a kill, and no PIN of before when it has joined again."""
    lab = another()
    finder, other = lab.person().enrol(), lab.person().enrol()
    with lab.offline(), other.ssh(timeout=30) as door:
        door.pin(PIN)
        door.shell()
    for device in re.findall(r"\bid=(\S+)", lab.tenant("device", "list").stdout):
        lab.tenant("device", "del", device)
    with finder.ssh(timeout=30) as door:
        door.pin(PIN)
        assert "Device has been removed from the domain." in door.terminal.until("Id Password: ")
        lab.kill_daemon()
    lab.start()
    with lab.offline():
        no_pin_opens(other)
    finder.enrol()
    with lab.offline():
        no_pin_opens(other)
        with finder.ssh(timeout=30) as door:
            door.pin(PIN)
            door.shell()


def no_pin_opens(user):
    with user.ssh(timeout=30) as door:
        door.pin(PIN)
        door.pin(PIN, before="Offline auth has expired. Please connect to the network to continue.\n")


def test_many_at_once(lab):
    people = [lab.person().enrol() for _ in range(3)]
    doors = [(user, user.ssh(timeout=40)) for user in people * 4]
    for user, door in doors:
        door.pin(PIN)
    for user, door in doors:
        door.shell()
        assert door.ask("id -un") == user.name
        door.leave()


def test_su_and_login_and_screen_lockers_offer_the_pin(lab, enrolled):
    lab.run("useradd", "-m", "neighbour")
    command = ("setpriv", "--reuid=neighbour", "--regid=neighbour", "--init-groups", "su", "-", enrolled.name)
    with Door(lab.terminal(*command)) as door:
        door.pin(PIN)
        door.shell()
        assert door.ask("id -un") == enrolled.name
    with Door(lab.terminal("login", enrolled.name)) as door:
        door.pin(PIN)
        door.shell()
        assert door.ask("id -un") == enrolled.name
    with Door(lab.terminal("su", "-", enrolled.name)) as door:  # root needs none
        door.shell()
        assert door.ask("id -un") == enrolled.name


def test_console_first_sign_in_asks_no_prompt_for_enter(lab):
    user = lab.person()
    with Door(lab.terminal("login", user.name, timeout=30)) as door:
        door.password(PASSWORD)
        user.approve(door.number(press_enter=False))
        door.new_pin(PIN)
        door.shell()
        assert door.ask("id -un") == user.name


def test_pin_change(lab):
    """passwd says that it is not about the password, wants the old PIN, then the new one twice."""
    user = lab.person().enrol()
    said = "This command changes your local Hello PIN, NOT your Entra Id password.\n"
    with Door(lab.terminal("passwd", user.name, timeout=30)) as door:
        door.pin(PIN, before=said)
        door.see("New PIN: ")
        door.say("564738")
        door.see("Confirm PIN: ")
        door.say("564738")
        door.terminal.end()
    with user.ssh() as door:
        door.pin("564738")
        door.shell()


def test_pin_change_by_a_stranger_is_refused(lab, enrolled):
    lab.run("useradd", "-m", "eve")
    done = lab.run("passwd", enrolled.name, user="eve", text="564738\n564738\n")
    assert done.returncode != 0
    with enrolled.ssh() as door:
        door.pin(PIN)
        door.shell()


def test_remote_pin_can_be_switched_off(another):
    lab = another("allow_remote_hello = false\n")
    user = lab.person().enrol()
    with user.ssh() as door:
        door.see(Door.PASSWORD)


def test_exit_code_of_a_refused_ssh(lab, enrolled):
    done = lab.run("ssh", "-o", "BatchMode=yes", f"{enrolled.name}@127.0.0.1", "true")
    assert isinstance(done, subprocess.CompletedProcess) and done.returncode == 255
