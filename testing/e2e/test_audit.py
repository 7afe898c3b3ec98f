"""The audit file: what happens on a host, as lines that fit docs/events.schema.json and docs/log-events.md."""

import re
import subprocess
import time

import pytest

import audit_lines
from conftest import here
from running_lab import LAB, RunningLab, TerminalSession

FILE = "/var/log/himmelblaud/audit.jsonl"
CONF = "/etc/himmelblau/himmelblau.conf"
PASSWORD = "Ferry?Quill/Basalt 7"
PINS = {"pin": "wv84-Orpiment", "wrong": "nope-Lanyard9", "new": "Sedge-2291-tui"}
BUNDLE = "himmelblau.mfa.voice"


@pytest.fixture(scope="module")
def host(conf):
    lab = RunningLab(here("e2e-audit"), conf(f"audit_file = {FILE}\n"))
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up().await_name("user02")
    yield lab
    lab.down()


@pytest.fixture(scope="module")
def user(host):
    """Has enrolled, typed a wrong PIN, changed it."""
    user = host.new_user(password=PASSWORD).enrol(PINS["pin"])
    with user.ssh(timeout=30) as session:
        session.pin(PINS["wrong"])
        session.pin(PINS["pin"], before="Failed to authenticate with Hello PIN.\n")
        session.shell()
        session.leave()
    with TerminalSession(host.terminal("passwd", user.name, timeout=30)) as session:
        session.terminal.until("PIN: ")
        session.say(PINS["pin"])
        for prompt in ("New PIN: ", "Confirm PIN: "):
            session.terminal.until(prompt)
            session.say(PINS["new"])
        session.terminal.end()
    return user


def await_record(host, seconds=10, **members):
    """The last record with these members; details count as members."""
    end = time.monotonic() + seconds
    while True:
        records = audit_lines.read(host, FILE)
        found = [record for record in records if members.items() <= {**record["details"], **record}.items()]
        if found:
            return found[-1]
        assert time.monotonic() < end, f"no {members} in\n" + "\n".join(map(str, records))
        time.sleep(0.2)


def test_the_start_of_the_daemon_is_in_it(host):
    await_record(host, event="config.published", kind="configuration", outcome="success")
    await_record(host, event="machine.open", kind="key", outcome="success")


def test_the_life_of_a_pin(host, user):
    joined = await_record(host, event="entra.joined", kind="enrolment")
    done = await_record(host, event="login.ok", account=user.upn, outcome="success", service="sshd", user=user.name)
    assert done["remote_host"] in ("127.0.0.1", "localhost") and done["caller_uid"] == "0" and int(done["caller_pid"]) > 1
    assert done["host"] == host.out("hostname") and joined["source"] == "himmelblau.domain.entra"
    for event, outcome in (("hello.enrolled", "success"), ("login.wrong", "denied"), ("login.pin.changed", "success")):
        await_record(host, event=event, kind="credential", outcome=outcome)


def test_a_refusal_has_its_code(host, user):
    """The directory refuses the password."""
    other = host.new_user()
    host.run("pamtester", "sshd", other.name, "authenticate", text="not the password\n" * 3)
    refused = await_record(host, event="login.refused", account=other.upn, outcome="denied", user=other.name)
    assert refused["reason_code"].startswith("AADSTS") and refused["reason"], refused
    ended = await_record(host, event="login.failed", conversation=refused["conversation"], kind="sign_in")
    assert ended["reason_code"].startswith("PAM_")


def test_commands_of_administrators(host):
    host.out("aad-tool", "cache-invalidate")
    begun = await_record(host, event="command.begins", command="cache-invalidate", uid="0")
    ended = await_record(host, event="command.ended", id=begun["details"]["id"])
    assert (ended["outcome"], ended["details"]["status"]) == ("success", "0")
    host.local("mallory")
    assert host.run(*host.as_user("mallory", "aad-tool", "cache-clear")).returncode == 1
    denied = await_record(host, event="command.refused", command="cache-clear", outcome="denied")
    assert denied["details"]["uid"] == host.out("id", "-u", "mallory")
    host.out("aad-tool", "status")
    assert all(record["details"].get("command") != "status" for record in audit_lines.read(host, FILE)), "anybody may run it"


def test_breakglass_that_is_disabled(host):
    host.run("aad-tool", "offline-breakglass")
    await_record(host, event="breakglass.refused", kind="breakglass", outcome="denied")


def test_bundles_on_the_running_host(host):
    host.out("aad-tool", "shell", "stop", BUNDLE)
    host.out("aad-tool", "shell", "start", BUNDLE)
    for event in ("bundle.stopped", "bundle.started"):
        await_record(host, event=event, bundle=BUNDLE, kind="bundle", outcome="success")
    await_record(host, event="shell.line", line=f"stop {BUNDLE}", kind="admin")


def test_the_journal_has_the_same_as_a_field(host, user):
    found = host.out("journalctl", "-o", "cat", "HIMMELBLAU_AUDIT=credential/success").splitlines()
    assert any(" login.pin.changed " in line for line in found) and all(line.endswith("audit=credential/success") for line in found)


def test_no_secret_is_in_it(host, user):
    text = host.out("cat", FILE)
    assert user.upn in text
    for name, secret in {"password": PASSWORD, **PINS}.items():
        assert secret not in text, name


def test_it_is_for_the_daemon_alone_and_can_be_rotated(host):
    assert host.out("stat", "-c", "%a %U %G", FILE) == "640 himmelblaud himmelblaud"
    assert host.out("stat", "-c", "%a %U %G", FILE.rsplit("/", 1)[0]) == "750 himmelblaud himmelblaud"
    host.out("mv", FILE, f"{FILE}.1")
    host.out("aad-tool", "cache-invalidate")
    await_file(host)
    assert await_record(host, event="command.ended", command="cache-invalidate")
    host.out("sh", "-c", f"cat {FILE} >> {FILE}.1; mv {FILE}.1 {FILE}")


def await_file(host):
    for _ in range(50):
        if host.run("test", "-s", FILE).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("no new file")


def test_a_file_that_cannot_be_written_stops_nobody(host, user):
    host.out("sh", "-c", f"mv {FILE} {FILE}.kept; mkdir {FILE}")
    try:
        with user.ssh(timeout=30) as session:
            session.pin(PINS["new"])
            session.shell()
            session.leave()
        said = host.run("aad-tool", "status")
        assert (said.returncode, said.stdout) == (0, "working!\n")
        assert re.search(rf"Audit events are not written to {FILE}: .* is not a regular file", said.stderr), said.stderr
        assert host.log().count(" audit.not_written ") == 1
    finally:
        host.out("sh", "-c", f"rmdir {FILE}; mv {FILE}.kept {FILE}")
    host.out("aad-tool", "cache-invalidate")
    lost = await_record(host, event="audit.events_lost")
    assert int(lost["details"]["events"]) > 0
    assert "Audit events" not in host.run("aad-tool", "status").stderr


def test_it_is_switched_on_and_off_without_a_restart(host):
    before = host.daemon_pid()
    host.out("sed", "-i", f"s|^audit_file.*|audit_file = {FILE}2|", CONF)
    for _ in range(50):
        host.run("aad-tool", "cache-invalidate")
        if host.run("test", "-s", FILE + "2").returncode == 0:
            break
        time.sleep(0.2)
    assert audit_lines.read(host, FILE + "2")
    host.out("sed", "-i", "/^audit_file/d", CONF)
    time.sleep(2)
    size = host.out("stat", "-c", "%s", FILE + "2")
    host.out("aad-tool", "cache-invalidate")
    time.sleep(1)
    assert host.out("stat", "-c", "%s", FILE + "2") == size and host.daemon_pid() == before
