"""Each row of docs/login-services.md: which methods a user is offered by a program, through its real PAM profile.

sshd, su, sudo, login and polkit are the real ones; for the others pam_client.py plays the program's part.
"""

import re
from pathlib import Path

import pytest

from real_host import LOCAL_PASSWORD
from running_lab import PASSWORD, PIN, ROOT, TerminalSession

HERE = Path(__file__).parent
SUCCESS, AUTH_ERR, MAXTRIES = 0, 7, 11
ALL = "PhoneAppNotification,OneWaySMS,PhoneAppOTP,TwoWayVoiceMobile"
HINT = "For another way to sign in, type ? and press Enter.\n"
PUSH = r"Open your Authenticator app, and enter the number '(\d+)' to sign in\." + "\n" + r"No push\? Check your mobile device's internet connection\." + "\n"
BLOCK = "\u2588"


@pytest.fixture(scope="module")
def client(lab):
    return lab.put(HERE / "pam_client.py")


def program(lab, client, kind, service, name, rhost=None, tty=None, timeout=60):
    """The program's side of PAM, on a terminal."""
    options = (["--rhost", rhost] if rhost else []) + (["--tty", tty] if tty else [])
    return TerminalSession(lab.terminal("python3", client, kind, service, name, "--account", *options, timeout=timeout))


def ended(session):
    """(code, what was shown before)"""
    match = session.terminal.until(r"ended (\d+)\r*\n", want_match=True)
    return int(match[1])


def number(session, before=""):
    return session.terminal.match(re.escape(before) + PUSH)[1]


def typed(session, secret):
    session.see("typed: ")
    session.say(secret)


def text_message(lab, user, count=1):
    """The code of the last message, once there are so many."""
    codes = re.findall(r"code=(\d+)", lab.tenant("sms", user.upn).stdout)
    assert len(codes) >= count
    return codes[-1]


def test_the_table_is_what_the_daemon_says(lab):
    documented = [
        [cell.strip().replace("`", "") for cell in line.strip("|\n").split("|")]
        for line in (ROOT / "docs/login-services.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == 8
    ]
    shown = [re.split(r"  +", line) for line in lab.out("aad-tool", "login-services").splitlines()]
    assert shown == documented
    one = lab.out("aad-tool", "login-services", "vsftpd").splitlines()
    assert len(one) == 2 and one[1].startswith("FTP servers")
    assert lab.run("aad-tool", "login-services", "--all").returncode == 2


# --- programs with one field --------------------------------------------------------------------

ONE_FIELD = {"vsftpd": ("vsftpd", "192.0.2.7", "ftp"), "xrdp": ("xrdp-sesman", "192.0.2.7", "xrdp-sesman")}


@pytest.mark.parametrize("kind", ONE_FIELD)
def test_one_field_and_no_text_a_call(lab, client, kind):
    """The default is a request with a number that nobody would see: the call is used, and no PIN is set up."""
    service, rhost, tty = ONE_FIELD[kind]
    user = lab.new_user(mfa=ALL)
    with program(lab, client, kind, service, user.name, rhost, tty) as session:
        typed(session, PASSWORD)
        assert "TwoWayVoiceMobile" in user.await_prompt()
        lab.tenant("phone", "approve", user.upn)
        assert ended(session) == SUCCESS
    with program(lab, client, kind, service, user.name, rhost, tty) as session:
        typed(session, PASSWORD)
        user.deny()
        assert ended(session) == AUTH_ERR, "asked once, and the phone rings once"


@pytest.mark.parametrize("kind", ONE_FIELD)
def test_one_field_and_no_text_no_method(lab, client, kind):
    """Ends at once, and nothing reaches the phone."""
    service, rhost, tty = ONE_FIELD[kind]
    user = lab.new_user(mfa="PhoneAppNotification,OneWaySMS")
    logged = len(lab.log())
    with program(lab, client, kind, service, user.name, rhost, tty) as session:
        typed(session, PASSWORD)
        assert ended(session) == MAXTRIES
    assert not user.pending().strip() and not lab.tenant("sms", user.upn).stdout.strip()
    log = lab.log()[logged:]
    assert f"service={service}" in log and "login.method.unusable" in log and "PAM_MAXTRIES" in log


@pytest.mark.parametrize("kind", ONE_FIELD)
def test_one_field_takes_the_pin(lab, client, enrolled, kind):
    service, rhost, tty = ONE_FIELD[kind]
    with program(lab, client, kind, service, enrolled.name, rhost, tty) as session:
        typed(session, PIN)
        assert ended(session) == SUCCESS


def test_cups(lab, client, enrolled):
    """It cannot wait: a PIN, or at this host the password alone."""
    user = lab.new_user(mfa="TwoWayVoiceMobile")
    with program(lab, client, "cups", "cups", user.name, "192.0.2.7", "cups") as session:
        typed(session, PASSWORD)
        assert ended(session) == MAXTRIES
    assert not user.pending().strip()
    with program(lab, client, "cups", "cups", enrolled.name, "localhost", "cups") as session:
        typed(session, PIN)
        assert ended(session) == SUCCESS


def test_sddm(lab, client, enrolled):
    """Shows texts, so a request with a number; no code, no new PIN, no QR code."""
    user = lab.new_user(mfa="OneWaySMS,PhoneAppNotification")
    with program(lab, client, "sddm", "sddm", user.name, tty=":0") as session:
        typed(session, PASSWORD)
        session.see("Use the password for your Office 365 or Microsoft online login.\n")
        user.approve(number(session))
        assert ended(session) == SUCCESS
    assert not lab.tenant("sms", user.upn).stdout.strip()
    new = lab.new_user(mfa="")
    with program(lab, client, "sddm", "sddm", new.name, "192.0.2.7", ":0") as session:
        typed(session, PASSWORD)
        said = session.terminal.until(r"enter the code (\w+) to authenticate", want_match=True)
        lab.tenant("devicecode", "approve", said[1], "--user", new.upn)
        session.terminal.until(r"ended \d+")
        assert BLOCK not in session.terminal.transcript()
    with program(lab, client, "sddm", "sddm", enrolled.name, tty=":0") as session:
        typed(session, PIN)
        assert ended(session) == SUCCESS


# --- programs with several prompts --------------------------------------------------------------

def test_cockpit(lab, client):
    """The first answer is the login page's; texts come with the next prompt, so there is one."""
    user = lab.new_user(mfa=ALL)
    with program(lab, client, "cockpit", "cockpit", user.name, "192.0.2.7") as session:
        typed(session, PASSWORD)
        first = "Use the password for your Office 365 or Microsoft online login.\n"
        user.approve(session.terminal.match(re.escape(first + HINT) + PUSH + "Press enter to continue")[1])
        session.enter()
        session.new_pin(PIN)
        assert ended(session) == SUCCESS


DIALOGS = {"lightdm": ":0", "kde": ":0", "gdm-password": "/dev/tty1"}


@pytest.mark.parametrize("service", DIALOGS)
def test_a_greeter(lab, client, service):
    """Texts at once: a request without any prompt, then a code; a PIN is set up."""
    user = lab.new_user(mfa=ALL)
    with program(lab, client, "dialog", service, user.name, tty=DIALOGS[service]) as session:
        session.password(PASSWORD)
        user.await_prompt()
        assert number(session)
        user.deny()
        session.see("Authentication failed. Please try again.\n" + HINT + "We texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: ")
        session.say(text_message(lab, user))
        session.new_pin(PIN)
        assert ended(session) == SUCCESS
    with program(lab, client, "dialog", service, user.name, tty=DIALOGS[service]) as session:
        session.pin(PIN)
        assert ended(session) == SUCCESS


@pytest.mark.parametrize("service", [*DIALOGS, "polkit-1", "something"])
def test_no_qr_code_of_characters(lab, client, service):
    new = lab.new_user(mfa="")
    with program(lab, client, "dialog", service, new.name, "192.0.2.7", DIALOGS.get(service)) as session:
        session.password(PASSWORD)
        code = session.terminal.until(r"enter the code (\w+) to authenticate", want_match=True)[1]
        lab.tenant("devicecode", "approve", code, "--user", new.upn)
        session.terminal.until(r"New PIN: |ended \d+")
        assert BLOCK not in session.terminal.transcript()


def test_an_unknown_program_on_a_terminal_gets_a_qr_code(lab, client):
    new = lab.new_user(mfa="")
    with program(lab, client, "dialog", "something", new.name, "192.0.2.7", "pts/3") as session:
        session.password(PASSWORD)
        session.terminal.until(BLOCK)


# --- other names of the same programs -----------------------------------------------------------

@pytest.mark.parametrize("service", ["remote", "su-l", "sudo-i"])
def test_names_of_programs_that_draw_a_qr_code(lab, service):
    """Without any terminal, where an unknown program gets none."""
    lab.local("neighbour")
    client = lab.put(HERE / "pam_client.py", "/usr/local/bin")
    new = lab.new_user(mfa="")
    command = lab.as_user("neighbour", "python3", client, "dialog", service, new.name, "--rhost", "192.0.2.7")
    with TerminalSession(lab.terminal(*command, timeout=60)) as session:
        session.password(PASSWORD)
        session.terminal.until(BLOCK)


@pytest.mark.parametrize("service", ["ftp", "proftpd"])
def test_names_of_ftp_servers(lab, client, enrolled, service):
    """No text is for them, so a request to the app is none: nothing reaches the phone."""
    user = lab.new_user(mfa="PhoneAppNotification")
    with program(lab, client, "dialog", service, user.name, "192.0.2.7", "ftp") as session:
        session.terminal.until("Password: ")
        session.say(PASSWORD)
        assert ended(session) == MAXTRIES
    assert not user.pending().strip()
    with program(lab, client, "vsftpd", service, enrolled.name, "192.0.2.7", "ftp") as session:
        typed(session, PIN)
        assert ended(session) == SUCCESS


# --- the real programs --------------------------------------------------------------------------

def test_sshd_with_a_terminal(lab):
    user = lab.new_user(mfa=ALL)
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        session.terminal.match(re.escape(session.prefix + HINT) + PUSH + "Press enter to continue")
        session.say("?")
        ways = "Way 1: Text message (+XX XXXXXXX42)\nWay 2: Code of an authenticator app (+XX XXXXXXX42)\nWay 3: Phone call (+XX XXXXXXX42)\n"
        session.see("Other ways to sign in:\n" + ways + "Number of the way: ")
        session.say("2")
        session.terminal.until(re.escape(HINT + "Please enter the code shown in your authenticator app:\nCode: "))
        session.say(lab.tenant("otp", user.upn).stdout.strip())
        session.new_pin(PIN)
        session.shell()
        assert session.leave() == 0


def test_sshd_without_a_terminal(lab):
    """A client that has none asks through SSH_ASKPASS: the same prompts."""
    user = lab.new_user(mfa="OneWaySMS")
    script = (
        '#!/bin/sh\necho "$1" >>/root/asked\ncase $1 in\n'
        f"*Password:*) echo '{PASSWORD}';;\n"
        f"*Code:*) cat /root/code;;\n*PIN:*) echo {PIN};;\nesac\n"
    )
    lab.write("/root/askpass", script)
    lab.out("sh", "-c", "chmod +x /root/askpass; rm -f /root/asked /root/code; mkfifo /root/code")
    running = lab.terminal(
        "env", "DISPLAY=:0", "SSH_ASKPASS=/root/askpass", "SSH_ASKPASS_REQUIRE=force", "setsid", "-w", "ssh", "-T", "-o",
        "PreferredAuthentications=keyboard-interactive", "-o", "LogLevel=ERROR", f"{user.name}@127.0.0.1", "id -un; tty", timeout=60,
    )
    with running:
        code = lab.out("sh", "-c", "for i in $(seq 300); do grep -q Code: /root/asked && exit; sleep 0.1; done; exit 1")
        code = text_message(lab, user)
        lab.write("/root/code.now", code + "\n")
        lab.out("sh", "-c", "cat /root/code.now >/root/code")
        running.until(re.escape(user.name))
        running.until("not a tty")
    asked = lab.out("cat", "/root/asked")
    assert "We texted your phone +XX XXXXXXX42." in asked and "Set up a PIN" in asked


def test_login(lab):
    """Texts at once, a QR code, codes; it does not ask again where there is no way."""
    user = lab.new_user(mfa="PhoneAppOTP")
    lab.tenant("setting", "mfa", "true", check=False)
    with user.console(timeout=60) as session:
        session.password(PASSWORD)
        session.see("Please enter the code shown in your authenticator app:\nCode: ")
        session.say(lab.tenant("otp", user.upn).stdout.strip())
        session.new_pin(PIN)
        session.shell()


def test_su_and_sudo(lab, enrolled):
    """With a terminal: texts at once and codes."""
    lab.local("neighbour", LOCAL_PASSWORD)
    user = lab.new_user(mfa=ALL)
    with TerminalSession(lab.terminal(*lab.as_user("neighbour", "su", "-", user.name), timeout=60)) as session:
        session.password(PASSWORD)
        assert number(session)
        user.deny()
        session.see("Authentication failed. Please try again.\n" + HINT + "We texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: ")
        session.say(text_message(lab, user))
        session.terminal.until(r"[$#] $|New PIN: ")
    lab.write("/etc/sudoers.d/login-services", f"{enrolled.name} ALL=(ALL) ALL\n")
    lab.out("chmod", "0440", "/etc/sudoers.d/login-services")
    try:
        with enrolled.ssh(timeout=30) as session:
            session.pin(PIN)
            session.shell()
            session.say("sudo -k; sudo id -u")
            session.terminal.until(re.escape(TerminalSession.ASK_PIN))
            session.say(PIN)
            session.terminal.until(r"\b0\s")
    finally:
        lab.run("rm", "/etc/sudoers.d/login-services")


def test_polkit(lab, enrolled):
    """Through polkit's own helper: texts and prompts reach the agent, one line each."""
    helper = "/usr/lib/polkit-1/polkit-agent-helper-1"
    done = lab.run("sh", "-c", f"printf 'cookie\\n{PIN}\\n' | {helper} {enrolled.name}")
    assert "PAM_TEXT_INFO Use the Linux Hello PIN for this device." in done.stdout
    assert "PAM_PROMPT_ECHO_OFF PIN: " in done.stdout


@pytest.mark.parametrize("service", ["sshd", "login"])
def test_where_there_is_no_way_the_program_does_not_ask_again(lab, service):
    """A method that this host does not have, and no browser: the sign-in ends with a sentence."""
    user = lab.new_user(mfa="PhoneAppOTP")
    for bundle in ("himmelblau.mfa.otp", "himmelblau.mfa.devicecode"):
        lab.out("sh", "-c", f"echo stop $(echo lb -s | aad-tool shell | grep {bundle} | sed 's/ *|.*//') | aad-tool shell")
    try:
        session = user.ssh(timeout=60, level="INFO") if service == "sshd" else user.console(timeout=60)
        with session:
            session.password(PASSWORD)
            said = session.terminal.until("Permission denied|Maximum number of tries|disregard the prompt")
            assert "PAM_MAXTRIES" in said + session.terminal.transcript()
            session.terminal.end()
            assert session.terminal.transcript().count("Entra Id Password") == 1
    finally:
        lab.restart()
