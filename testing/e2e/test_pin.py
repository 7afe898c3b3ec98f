"""The PIN: counted, bound to its user, valid without a network."""

import re
import subprocess

from leaks import settles, state
from running_lab import PASSWORD, PIN, TerminalSession

WRONG = "Failed to authenticate with Hello PIN.\n"
LAST_CHANCE = (
    "Failed to authenticate with Hello PIN. One more failed attempt will require multi-factor authentication"
    " and will reset your Linux Hello PIN.\n"
)


def test_three_wrong_pins_at_the_console_lead_to_full_mfa_and_a_new_pin(lab):
    """The third ends the connection, so that sshd counts it; the next one begins without the PIN."""
    user = lab.new_user().enrol()
    with user.console(timeout=30) as session:
        session.pin("100200")
        session.pin("100201", before=WRONG)
        session.pin("100202", before=LAST_CHANCE)
        session.terminal.until("You will need to enroll a new Linux Hello PIN.")
    with user.ssh(timeout=30) as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.new_pin("564738")
        session.shell()
    with user.ssh() as session:
        session.pin(PIN)
        session.pin("564738", before=WRONG)
        session.shell()


def test_wrong_pins_over_the_network_block_it_there_only(lab):
    user = lab.new_user().enrol()
    with user.ssh(timeout=30) as session:
        for pin in ("100200", "100201", "100202"):
            session.terminal.until("PIN: ")
            session.say(pin)
        session.terminal.until("(Too many incorrect PIN attempts from here|Permission denied)", want_match=True)
    with user.console() as session:
        session.pin(PIN)
        session.shell()
    with user.ssh(timeout=30) as session:  # a full sign-in opens it again
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.shell()
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_wrong_pins_by_su_block_it_for_other_users_only(lab):
    user = lab.new_user().enrol()
    lab.local("neighbour")
    command = lab.as_user("neighbour", "su", "-", user.name)
    with TerminalSession(lab.terminal(*command, timeout=30)) as session:
        for pin in ("100200", "100201", "100202"):
            session.terminal.until("PIN: ")
            session.say(pin)
        session.terminal.until("Too many incorrect PIN attempts from here|Critical error|Authentication failure")
    with TerminalSession(lab.terminal(*command)) as session:
        session.see(TerminalSession.PASSWORD)
    for session in (user.console(), user.ssh()):
        with session:
            session.pin(PIN)
            session.shell()
    uid = lab.out("id", "-u", user.name)
    own = ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "su", "-", user.name)
    with TerminalSession(lab.terminal(*own)) as session:
        session.pin(PIN)
        session.shell()


def test_the_count_survives_a_restart_and_is_per_user(lab):
    user, other = lab.new_user().enrol(), lab.new_user().enrol()
    for pin in ("100200", "100201"):
        with user.console(timeout=30) as session:
            session.pin(pin)
            session.terminal.until("PIN: ")
    lab.restart()
    with other.console() as session:
        session.pin("100200")
        session.pin(PIN, before=WRONG)
        session.shell()
    with user.console(timeout=30) as session:
        session.pin("100202")
        session.terminal.until("You will need to enroll a new Linux Hello PIN.")


def test_a_success_sets_the_count_back(lab):
    user = lab.new_user().enrol()
    for _ in range(2):
        with user.console(timeout=30) as session:
            session.pin("100200")
            session.pin("100201", before=WRONG)
            session.pin(PIN, before=LAST_CHANCE)
            session.shell()


def test_another_local_user_cannot_burn_the_count(lab, enrolled):
    """Neither by the module nor by the socket: for another user there is no PIN prompt."""
    lab.run("useradd", "-m", "mallory")
    for _ in range(4):
        done = lab.run(
            "aad-tool", "auth-test", "--name", enrolled.name, user="mallory", text="100200\n" * 4, timeout=40
        )
        assert done.returncode != 0
        assert "PIN: " not in done.stdout + done.stderr
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_pin_works_with_the_tenant_stopped_and_a_wrong_one_does_not(lab):
    user = lab.new_user().enrol()
    with lab.offline():
        with user.ssh(timeout=30) as session:
            session.pin("100200")
            session.pin(PIN, before=WRONG)
            session.shell()
            assert session.ask("id -un") == user.name
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_offline_and_restarted_the_pin_still_works(lab):
    user = lab.new_user().enrol()
    with lab.offline():
        lab.restart()
        with user.ssh(timeout=30) as session:
            session.pin(PIN)
            session.shell()


def test_offline_without_a_pin_is_an_outage(lab):
    user = lab.new_user()
    with lab.offline():
        done = lab.run("pamtester", "sshd", user.name, "authenticate")
        assert "Network outage detected." in done.stdout + done.stderr
        assert "Critical error - immediate abort" in done.stdout + done.stderr
        with user.ssh(timeout=30) as session:  # sshd shows a message only together with a prompt
            assert "Permission denied" in session.terminal.until("Permission denied.*", want_match=True)[0]


def test_a_removed_host_refuses_offline_sign_ins(another):
    """Not while it is removed, not after a kill, and no earlier PIN after it has joined again."""
    lab = another()
    finder, other = lab.new_user().enrol(), lab.new_user().enrol()
    with lab.offline(), other.ssh(timeout=30) as session:
        session.pin(PIN)
        session.shell()
    for device in re.findall(r"\bid=(\S+)", lab.tenant("device", "list").stdout):
        lab.tenant("device", "del", device)
    with finder.ssh(timeout=30) as session:
        session.pin(PIN)
        assert "Device has been removed from the domain." in session.terminal.until("Id Password: ")
        lab.kill_daemon()
    lab.start()
    with lab.offline():
        no_pin_opens(other)
    finder.enrol()
    with lab.offline():
        no_pin_opens(other)
        with finder.ssh(timeout=30) as session:
            session.pin(PIN)
            session.shell()


def no_pin_opens(user):
    with user.ssh(timeout=30) as session:
        session.pin(PIN)
        session.pin(PIN, before="Offline auth has expired. Please connect to the network to continue.\n")


def test_many_at_once(lab):
    users = [lab.new_user().enrol() for _ in range(3)]
    sessions = [(user, user.ssh(timeout=40)) for user in users * 4]
    for user, session in sessions:
        session.pin(PIN)
    for user, session in sessions:
        session.shell()
        assert session.ask("id -un") == user.name
        session.leave()


def test_the_user_goes_away_at_the_prompt(lab, enrolled):
    """It leaves nothing, and is no wrong PIN."""
    before = state(lab)
    for _ in range(4):
        with enrolled.console() as session:
            session.see(session.ASK_PIN)
    settles(lab, before)
    with enrolled.console() as session:
        session.pin(PIN)
        session.shell()


def test_su_and_login_and_screen_lockers_offer_the_pin(lab, enrolled):
    lab.run("useradd", "-m", "neighbour")
    command = ("setpriv", "--reuid=neighbour", "--regid=neighbour", "--init-groups", "su", "-", enrolled.name)
    with TerminalSession(lab.terminal(*command)) as session:
        session.pin(PIN)
        session.shell()
        assert session.ask("id -un") == enrolled.name
    with TerminalSession(lab.terminal("login", enrolled.name)) as session:
        session.pin(PIN)
        session.shell()
        assert session.ask("id -un") == enrolled.name
    with TerminalSession(lab.terminal("su", "-", enrolled.name)) as session:  # root needs none
        session.shell()
        assert session.ask("id -un") == enrolled.name


def test_console_first_sign_in_asks_no_prompt_for_enter(lab):
    user = lab.new_user()
    with TerminalSession(lab.terminal("login", user.name, timeout=30)) as session:
        session.password(PASSWORD)
        user.approve(session.number(press_enter=False))
        session.new_pin(PIN)
        session.shell()
        assert session.ask("id -un") == user.name


def test_pin_change(lab):
    """passwd says that it is not about the password, wants the old PIN, then the new one twice."""
    user = lab.new_user().enrol()
    said = "This command changes your local Hello PIN, NOT your Entra Id password.\n"
    with TerminalSession(lab.terminal("passwd", user.name, timeout=30)) as session:
        session.pin(PIN, before=said)
        session.see("New PIN: ")
        session.say("564738")
        session.see("Confirm PIN: ")
        session.say("564738")
        session.terminal.end()
    with user.ssh() as session:
        session.pin("564738")
        session.shell()


def test_pin_change_by_another_user_is_refused(lab, enrolled):
    lab.run("useradd", "-m", "eve")
    done = lab.run("passwd", enrolled.name, user="eve", text="564738\n564738\n")
    assert done.returncode != 0
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_remote_pin_can_be_switched_off(another):
    lab = another("allow_remote_hello = false\n")
    user = lab.new_user().enrol()
    with user.ssh() as session:
        session.see(TerminalSession.PASSWORD)


def test_exit_code_of_a_refused_ssh(lab, enrolled):
    done = lab.run("ssh", "-o", "BatchMode=yes", f"{enrolled.name}@127.0.0.1", "true")
    assert isinstance(done, subprocess.CompletedProcess) and done.returncode == 255


def test_a_pin_opens_without_the_library_that_stretched_it(another):
    """libargon2 is removed later: Java derives the same, and the log says so."""
    lab = another(name="e2e-no-argon2")
    user = lab.new_user().enrol()
    assert "argon2.without_library" not in lab.log()
    lab.out("sh", "-ec", "mkdir /root/kept; mv /usr/lib/*/libargon2.so.1 /root/kept/; ldconfig")
    lab.restart()
    with user.ssh(timeout=60) as session:
        session.pin(PIN)
        session.shell()
        session.leave()
    assert "argon2.without_library" in lab.log()
