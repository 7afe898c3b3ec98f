"""aad-tool explain: why a user would or would not be let in, with the line of the option, and without doing anything.

docs/troubleshooting.md shows what these tests see: each of its transcripts is compared line by line.
"""

import json
import re
import subprocess

import pytest

from conftest import here
from running_lab import DOMAIN, LAB, PIN, ROOT, RunningLab, TerminalSession

GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"  # datengruppe of the seed
# conf() writes [global] and domain on the lines 1 and 2.
OPTIONS = f"pam_allow_groups = {GROUP}\n"
PLACE = "/etc/himmelblau/himmelblau.conf:3"
# Sets up no PIN, so that a sign-in is a password and one request to the phone.
SERVICE = "no-pin"
GUIDE = ROOT / "docs/troubleshooting.md"
STEPS = [
    "sign-in", "account", "domain", "ids", "account-state", "allow-list", "service", "methods", "pin", "device", "key-store", "offline",
    "breakglass", "refusals",
]
# Whether the login host answers, and what a lookup of a name asks.
LOOKUP = re.compile(r"/|/[^/]+/oauth2/authorize|/[^/]+/GetCredentialType|.*/openid-configuration|/odc/.*")


@pytest.fixture(scope="module")
def host(conf):
    lab = RunningLab(here("e2e-explain"), conf(OPTIONS))
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up().await_name("user02")
    lab.write(f"/etc/pam.d/{SERVICE}", "auth required pam_himmelblau.so no_hello_pin\naccount required pam_himmelblau.so\n")
    yield lab
    lab.down()


@pytest.fixture(scope="module")
def member(host):
    """In the group, with a PIN; this first sign-in registers the host."""
    user = host.new_user(local="member")
    host.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", user.upn)
    return user.enrol()


@pytest.fixture(scope="module")
def stranger(host, member):
    """Not in the group; has proven who it is, and was refused after that."""
    user = host.new_user(local="stranger")
    authenticate(host, user)
    assert host.run("pamtester", SERVICE, user.name, "acct_mgmt").returncode != 0
    return user


def authenticate(host, user):
    """With the password and the phone; no PIN."""
    with TerminalSession(host.terminal("pamtester", SERVICE, user.name, "authenticate", timeout=40)) as session:
        session.password(user.password)
        user.approve(session.number(press_enter=False))
        assert session.terminal.end() == 0, session.terminal.transcript()


def explain(host, *words):
    """(exit status, the outcome of each step, all that was said)"""
    done = host.run("aad-tool", "explain", *words)
    assert done.stderr == "", done.stderr
    found = {match[2]: match[1] for match in re.finditer(r"^(ok|NO|note|open|local) +([a-z-]+) ", done.stdout, re.MULTILINE)}
    return done.returncode, found, done.stdout


def as_documented(text, *names):
    """Without what differs from run to run."""
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", "ada", text)
    text = text.replace(DOMAIN, "example.onmicrosoft.com")
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "(id)", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "(time)", text)
    return re.sub(r"uid \d+, gid \d+", "uid N, gid N", text)


def transcript(command):
    """What the guide shows below a command; a line of dots stands for lines that are left out."""
    blocks = re.findall(r"```\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    found = [block for block in blocks if block.startswith(f"# {command}\n")]
    assert len(found) == 1, (command, blocks)
    return as_documented(found[0]).splitlines()[1:]


def is_documented(text, command, *names):
    """Each line of the guide is there, in this order; between two lines without dots nothing else."""
    said = as_documented(text, *names).splitlines()
    at, gap = 0, False
    for line in transcript(command):
        if line.strip() == "...":
            gap = True
            continue
        assert line in said[at:], f"not said, or not in this order: {line}\n{text}"
        here_now = at + said[at:].index(line)
        assert gap or here_now == at, f"more is said before: {line}\n{text}"
        at, gap = here_now + 1, False
    assert gap or at == len(said), f"more is said at the end\n{text}"


def test_a_member_of_the_group_would_be_let_in_and_is(host, member):
    code, found, text = explain(host, member.name)
    assert code == 0, text
    assert list(found) == STEPS
    assert "NO" not in found.values()
    assert f"pam_allow_groups = {GROUP} ({PLACE})" in text
    is_documented(text, "aad-tool explain ada", member.name)
    with member.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_a_user_who_is_not_in_the_group_is_told_so_with_the_line(host, stranger):
    code, found, text = explain(host, stranger.name)
    assert code == 1, text
    assert [step for step, outcome in found.items() if outcome == "NO"] == ["allow-list"]
    assert text.splitlines()[-1] == f"Verdict: {stranger.name} would not be let in by sshd: allow-list"
    is_documented(text, "aad-tool explain ada --service sshd", stranger.name)


def test_a_new_user_may_still_be_in_a_group(host, member):
    user = host.new_user()
    code, found, text = explain(host, user.name)
    assert code == 0 and found["allow-list"] == "open", text
    assert text.splitlines()[-1].endswith("known at the sign-in only: allow-list")


def test_a_disabled_account(host, member):
    user = host.new_user(local="leaver")
    host.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", user.upn)
    user.enrol()
    assert explain(host, user.name)[0] == 0
    host.tenant("user", "disable", user.upn)
    with user.ssh(timeout=30, level="INFO") as session:
        session.pin(PIN)
        session.terminal.until("disabled|denied|Password: |contact|failed")
    code, found, text = explain(host, user.name, "--service", "login")
    assert code == 1 and found["account-state"] == "NO", text
    assert "AADSTS50057" in text and "an administrator disabled the account" in text
    is_documented(text, "aad-tool explain ada --service login", user.name)
    host.tenant("user", "enable", user.upn)


def test_a_policy_of_the_directory_blocks_the_sign_in(host, member):
    user = host.new_user(local="blocked")
    host.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", user.upn)
    user.enrol()
    host.tenant("fault", "add", "--path", "*/token", "--grant", "*jwt-bearer", "--aadsts", "53003")
    try:
        with user.ssh(timeout=60, level="INFO") as session:
            session.pin(PIN)
            session.terminal.until("AADSTS53003")
    finally:
        host.tenant("fault", "clear")
    is_documented(explain(host, user.name, "--service", "sudo")[2], "aad-tool explain ada --service sudo", user.name)


def test_a_name_that_nobody_has(host):
    code, found, text = explain(host, "nobody-of-this-name")
    assert code == 1 and found["account"] == "NO", text
    assert "the directory has no such account" in text
    assert host.run("getent", "passwd", "nobody-of-this-name").returncode == 2, "and asking does not make it known"


def test_a_name_of_another_domain_is_asked_about_nowhere(host):
    asked = len(host.requests())
    code, found, text = explain(host, "ada@elsewhere.example")
    assert code == 1 and list(found) == ["sign-in", "account"], text
    assert f"domain = {DOMAIN} (/etc/himmelblau/himmelblau.conf:2)" in text
    assert host.requests()[asked:] == []


def test_a_local_account_is_decided_elsewhere(host):
    name = host.local("localuser")
    code, found, text = explain(host, name)
    assert code == 3 and found["account"] == "local", text
    assert text.splitlines()[-1] == f"Verdict: {name} is an account of this host; other PAM modules decide"


def test_an_outage(host, member):
    user = host.new_user(local="without-pin")
    host.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", user.upn)
    authenticate(host, user)
    with host.offline():
        code, found, text = explain(host, member.name)
        assert code == 0 and found["domain"] == "note" and found["offline"] == "ok", text
        with member.ssh() as session:
            session.pin(PIN)
            session.shell()
        code, found, text = explain(host, user.upn, "--service", "login")
        assert code == 1 and found["offline"] == "NO", text
        is_documented(text, "aad-tool explain ada@example.onmicrosoft.com --service login", user.name)
    host.await_name("user02")


def test_the_login_service_decides_the_methods(host, member):
    user = host.new_user(local="printer")
    _, found, text = explain(host, user.name, "--service", "cups", "--remote")
    assert found["methods"] == "NO", text
    assert "(PhoneAppNotification): not possible: CUPS does not wait" in text
    assert explain(host, member.name, "--service", "cups", "--remote")[1]["methods"] == "ok", "with the PIN"


def test_the_line_follows_the_file_at_once(host, member):
    changed = "/etc/himmelblau/himmelblau.conf.d/50-explain.conf"
    host.write(changed, "[global]\n\nallow_remote_hello = false\n")
    try:
        host.out("aad-tool", "config", "reload")
        text = explain(host, member.name)[2]
        assert "PIN: not possible: not over the network" in text
        assert f"allow_remote_hello = false ({changed}:3)" in text
    finally:
        host.out("rm", changed)
        host.out("aad-tool", "config", "reload")
    assert "allow_remote_hello" not in explain(host, member.name)[2]


def test_nothing_changes(host, member, stranger):
    """No try of the PIN, no question beyond those of a lookup, no request to a phone, nothing in the store."""
    with member.ssh() as session:
        session.pin("999999")
        session.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        session.shell()
    with member.ssh() as session:
        session.pin("999999")
        session.see("Failed to authenticate with Hello PIN.\n" + TerminalSession.ASK_PIN)
    tries = re.search(r"tries left over the network: \d of \d", explain(host, member.name)[2])[0]
    assert tries == "tries left over the network: 2 of 3"
    asked = len(host.requests())
    for user in (member, stranger):
        for words in ((), ("--service", "login"), ("--remote", "--json")):
            host.run("aad-tool", "explain", user.name, *words)
    more = host.requests()[asked:]
    assert more, "it says whether the directory answers"
    assert [entry["path"] for entry in more if not LOOKUP.fullmatch(entry["path"].split("?")[0])] == []
    assert not member.pending().strip() and not stranger.pending().strip()
    assert tries in explain(host, member.name)[2]
    with member.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_root_only(host, member):
    done = host.run("aad-tool", "explain", member.name, user="nobody")
    assert done.returncode == 1 and done.stdout == "" and done.stderr == "This command must be run as root.\n"


def test_no_secret_is_shown(host, member, stranger):
    for user in (member, stranger):
        text = explain(host, user.name)[2] + explain(host, user.name, "--json")[2]
        assert PIN not in text and user.password not in text


def test_json_says_the_same(host, stranger):
    code, found, text = explain(host, stranger.name)
    done = host.run("aad-tool", "explain", stranger.name, "--json")
    assert done.returncode == code
    said = json.loads(done.stdout)
    assert set(said) == {"format", "user", "account", "service", "remote_option", "steps", "verdict"}
    assert (said["format"], said["user"], said["account"], said["service"], said["remote_option"], said["verdict"]) == (
        1, stranger.name, stranger.upn, "sshd", False, "no",
    )
    assert {step["step"]: step["outcome"] for step in said["steps"]} == {step: outcome.lower() for step, outcome in found.items()}
    for step in said["steps"]:
        assert set(step) == {"step", "outcome", "text", "details", "options"}
        assert all(line in text for line in [step["text"], *step["details"]]), step
        assert all(set(option) == {"option", "section", "value", "place"} for option in step["options"])
    allow = next(step for step in said["steps"] if step["step"] == "allow-list")
    assert allow["options"] == [{"option": "pam_allow_groups", "section": "global", "value": GROUP, "place": PLACE}]
    named = set(re.findall(r"^\| `([a-z_]+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {*said, *said["steps"][0], *allow["options"][0]}


def test_a_step_is_there_while_its_bundle_is(host, member):
    host.out("aad-tool", "shell", "stop himmelblau.hello")
    try:
        assert "pin" not in explain(host, member.name)[1]
    finally:
        host.out("aad-tool", "shell", "start himmelblau.hello")
    assert "pin" in explain(host, member.name)[1]


def test_without_the_sign_in_nobody_would_be_let_in(host, member):
    host.out("aad-tool", "shell", "stop himmelblau.login")
    try:
        code, found, text = explain(host, member.name)
        assert code == 1 and found["sign-in"] == "NO", text
    finally:
        host.out("aad-tool", "shell", "start himmelblau.login")
    assert explain(host, member.name)[0] == 0
