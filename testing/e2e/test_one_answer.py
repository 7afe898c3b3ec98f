"""Programs that answer every question alike, and sshd's own answer for users whom it does not admit."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest

from running_lab import DOMAIN, PASSWORD, PIN, TerminalSession

WRONG = "Failed to authenticate with Hello PIN.\n"
BY_PASSWORD = (
    "ssh", "-o", "PreferredAuthentications=password", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10",
)
NOT_ADMITTED = "The SSH service of this computer does not allow this account."


def by_password(lab, name, *answers):
    """ssh's password method: sshd gives each answer to all questions of one PAM call. Returns (exit code, terminal)."""
    with lab.terminal(*BY_PASSWORD, "-o", f"NumberOfPasswordPrompts={len(answers)}", f"{name}@127.0.0.1", "id", "-un", timeout=40) as terminal:
        for answer in answers:
            terminal.until("'s password: ")
            terminal.type(answer)
        code = terminal.end()
        return code, terminal.transcript()


def posts(lab, asked, ending):
    return [entry for entry in lab.requests()[asked:] if entry["method"] == "POST" and entry["path"].endswith(ending)]


def attempts(lab, user, logged):
    """How many wrong PINs were counted, as the daemon's log says."""
    pattern = rf"login\.wrong .*account={re.escape(user.upn)} what=pin attempts=(\d+)"
    return [int(count) for count in re.findall(pattern, lab.log()[logged:])]


def test_a_wrong_pin_by_the_password_method_counts_once_and_goes_nowhere(lab):
    user = lab.new_user().enrol()
    asked, logged, failed = len(lab.requests()), len(lab.log()), len(lab.log("sshd"))
    begin = time.monotonic()
    code, _ = by_password(lab, user.name, "not the PIN")
    assert code == 255 and time.monotonic() - begin < 30
    assert attempts(lab, user, logged) == [1]
    assert posts(lab, asked, "/login") == [], "what failed as a PIN is no password"
    assert f"Failed password for {user.name}" in lab.log("sshd")[failed:]
    code, said = by_password(lab, user.name, PIN)
    assert code == 0 and user.name in said


def test_a_wrong_password_by_the_password_method_is_sent_once(lab):
    user = lab.new_user()
    asked, failed = len(lab.requests()), len(lab.log("sshd"))
    code, _ = by_password(lab, user.name, "not the password", "not that either")
    assert code == 255
    assert len(posts(lab, asked, "/login")) == 2, "each answer once"
    assert lab.log("sshd")[failed:].count(f"Failed password for {user.name}") == 2


def test_sshd_ends_a_connection_that_fails_too_often(lab):
    """MaxAuthTries, 6 by default, counts what the module ends."""
    user = lab.new_user()
    with lab.terminal(*BY_PASSWORD, "-o", "NumberOfPasswordPrompts=9", f"{user.name}@127.0.0.1", timeout=60) as terminal:
        for attempt in range(6):
            terminal.until("'s password: ")
            terminal.type(f"wrong {attempt}")
        terminal.until("Too many authentication failures|Connection closed|Disconnected")


def test_three_wrong_passwords_in_one_dialogue_end_the_connection(lab):
    """PAM_MAXTRIES: sshd offers no further dialogue, and shows the last reason."""
    user = lab.new_user()
    with user.ssh(timeout=30, level="INFO") as session:
        session.password("one")
        for answer in ("two", "three"):
            session.password(answer, before="Authentication failed (AADSTS50126)\n")
        assert "Authentication failed (AADSTS50126)" in session.terminal.until("Permission denied")


def test_the_same_wrong_pin_again_is_not_tried(lab):
    user = lab.new_user().enrol()
    logged = len(lab.log())
    with user.ssh(timeout=30, level="INFO") as session:
        session.pin("100200")
        session.pin("100200", before=WRONG)
        session.terminal.until("This answer was just refused and was not tried again.")
    assert attempts(lab, user, logged) == [1]


@pytest.mark.parametrize("word", ["foo", "", PASSWORD])
def test_chpasswd_ends(lab, word):
    """It gives one word to every question, too."""
    user = lab.new_user().enrol()
    asked, logged = len(lab.requests()), len(lab.log())
    begin = time.monotonic()
    done = lab.run("timeout", "60", "chpasswd", text=f"{user.name}:{word}\n", timeout=90)
    assert done.returncode not in (0, 124), done.stdout + done.stderr
    assert time.monotonic() - begin < 40
    assert attempts(lab, user, logged) == ([1] if word else [])
    assert posts(lab, asked, "/login") == []
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_su_with_the_same_words_for_ever_ends(lab):
    lab.run("useradd", "-m", "neighbour")
    user = lab.new_user()
    logged = len(lab.log())
    script = 'yes "$1" | timeout 60 setpriv --reuid=neighbour --regid=neighbour --init-groups su - "$2" -c true'
    done = lab.run("bash", "-c", script, "su", "not the password", user.name, timeout=90)
    assert done.returncode not in (0, 124), done.stdout + done.stderr
    assert len(re.findall(rf"login\.refused .*account={re.escape(user.upn)} .*code=AADSTS50126", lab.log()[logged:])) == 1


def test_a_user_refused_by_sshd_loses_no_pin_attempts(another):
    """sshd replaces what they type by a pattern of its own."""
    lab = another(name="e2e-deny")
    user = lab.new_user().enrol()
    lab.write("/etc/ssh/sshd_config.d/20-deny.conf", f"DenyUsers {user.name}\n")
    lab.restart("sshd")
    asked, logged = len(lab.requests()), len(lab.log())
    for _ in range(4):
        with user.ssh(timeout=30, level="INFO") as session:
            session.pin(PIN)
            session.terminal.until(re.escape(NOT_ADMITTED))
    code, _ = by_password(lab, user.name, PIN)
    assert code == 255
    assert posts(lab, asked, "/login") == [] and attempts(lab, user, logged) == []
    said = [line for line in lab.log()[logged:].splitlines() if "login.sshd_refuses" in line]
    assert len(said) == 5 and all(f"user={user.name}" in line and "DenyUsers" in line for line in said), said
    lab.write("/etc/ssh/sshd_config.d/20-deny.conf", "")
    lab.restart("sshd")
    with user.ssh(timeout=30) as session:
        session.pin("100200")
        session.pin(PIN, before=WRONG)
        session.shell()


def test_the_first_ssh_sign_in_works_with_a_slow_directory(lab):
    """Each answer of the directory takes a second; sshd looks the user up only once."""
    name = "slowly"
    lab.tenant("user", "add", f"{name}@{DOMAIN}", "--password", PASSWORD, "--name", name, "--mfa", "PhoneAppNotification")
    failed = len(lab.log("sshd"))
    lab.tenant("fault", "add", "--path", "*", "--delay", "1")
    try:
        _, seconds = lab.timed("getent", "passwd", "nobody-has-this-name")
        assert seconds < 0.6, "everybody else waits as long as ever"
        with lab.ssh(name, timeout=40) as session:
            session.see(TerminalSession.PASSWORD)
        assert f"Invalid user {name}" not in lab.log("sshd")[failed:]
        with lab.ssh("nobody-has-that-name", timeout=40) as session:
            session.terminal.until("Password: ")
    finally:
        lab.tenant("fault", "clear")


def test_a_sign_in_without_the_factor_that_is_demanded_is_refused(lab):
    """The tenant lets users put off the registration of a second factor, and asks for none in the browser; this host does not accept that."""
    lab.new_user().enrol()  # joins the host: the join alone would demand the factor, too
    name = "putoff"
    lab.tenant("user", "add", f"{name}@{DOMAIN}", "--password", PASSWORD, "--name", name)
    lab.await_name(name)
    lab.tenant("setting", "proof-up-days", "14")
    lab.tenant("setting", "mfa-for-portal", "false")
    try:
        said = signed_in_without_a_factor(lab, name)
        assert "The directory accepted this sign-in without a second factor" in said and "aka.ms/mfasetup" in said
        assert lab.run("test", "-e", f"/home/{name}@{DOMAIN}").returncode != 0
    finally:
        lab.tenant("setting", "proof-up-days", "-1")
        lab.tenant("setting", "mfa-for-portal", "true")
    assert "Multi-factor authentication required." in signed_in_without_a_factor(lab, name), "nor if the tenant does not"


def signed_in_without_a_factor(lab, name):
    """What is said to somebody who signs in elsewhere with the password alone; once, because sshd does not ask again."""
    with lab.ssh(name, timeout=30, level="INFO") as session:
        session.password(PASSWORD)
        code = re.search(r"enter the code (\w+) to", session.terminal.until("Press enter to continue"))[1]
        lab.tenant("devicecode", "approve", code, "--user", f"{name}@{DOMAIN}", "--no-mfa")
        session.enter()
        assert session.terminal.end() != 0
        assert session.terminal.transcript().count("Id Password: ") == 1
        return session.terminal.transcript()


def test_the_pin_alone_does_not_set_up_an_authenticator_app(another):
    """Over SSH the directory's two factors come first; the app stays when the PIN is changed."""
    lab = another("enable_hello_totp = true\n", name="e2e-totp")
    user = lab.new_user()
    with user.ssh(timeout=30) as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.new_pin(PIN)
        session.terminal.until("Open your authenticator app")  # goes away before the app is set up
    with user.ssh(timeout=30) as session:
        session.pin(PIN)
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        key = re.search(r"Enter the setup key '(\w+)'", session.terminal.until("TOTP Code: "))[1]
        session.say(code(key, -1))
        session.shell()
    with TerminalSession(lab.terminal("passwd", user.name, timeout=30)) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        for prompt in ("New PIN: ", "Confirm PIN: "):
            session.terminal.until(prompt)
            session.say("564738")
        session.terminal.end()
    with user.ssh(timeout=30) as session:
        session.pin("564738")
        session.see("Please enter your Hello TOTP code from your Authenticator: \nTOTP Code: ")
        session.say(code(key, 1))
        session.shell()
    with user.ssh(timeout=30) as session:
        session.pin("564738")
        session.see("Please enter your Hello TOTP code from your Authenticator: \nTOTP Code: ")
        session.say("000000")
        session.terminal.until(r"Failed to authenticate with Hello TOTP code\.")
        assert "$ " not in session.terminal.until("PIN: ")


def code(key, step):
    """RFC 6238: the code of this half minute, or of an adjacent one."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    mac = hmac.digest(secret, struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1)
    number = struct.unpack(">I", mac[mac[19] & 15:][:4])[0] & 0x7FFFFFFF
    return f"{number % 1000000:06}"
