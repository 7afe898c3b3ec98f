"""One source for commands: what the daemon has, what aad-tool's help lists and what each help says cannot differ."""

import re
import subprocess
import zipfile

import pytest

from frames import COMMAND, Peer, frame, u32
from replacing import VERSION, other_version
from running_lab import DOMAIN, PASSWORD, PIN, ROOT, TerminalSession

OUT, END = 0x24, 0x2F
LOCAL = ("auth-test", "configure-pam", "help", "version")


def listed():
    """Words, who and summary of every command, from their source."""
    done = subprocess.run([ROOT / "runtime/commands", "list"], capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def said_by_daemon(lab, *words):
    """What the daemon itself answers, with no aad-tool between."""
    with Peer(lab, "admin") as peer:
        peer.send(frame(COMMAND, u32(0), u32(80), u32(25), "C.UTF-8", *words))
        text = b""
        while (answer := peer.receive()) is not None:
            kind, fields = answer
            if kind == END:
                return text.decode()
            assert kind == OUT, answer
            text += fields[0]
    raise AssertionError(f"no END: {text!r}")


def test_the_daemon_has_what_the_source_lists_and_nothing_else(lab):
    expected = {f"  {words:<35} {summary}" for words, _, summary in listed() if words not in LOCAL}
    assert set(said_by_daemon(lab, "help").splitlines()) == expected


def test_help_is_the_same_with_and_without_the_daemon(lab):
    for words, _, _ in listed():
        if words not in LOCAL:
            assert lab.out("aad-tool", "help", *words.split()) + "\n" == said_by_daemon(lab, *words.split(), "--help")


def test_who_may_run_a_command_is_as_listed(lab):
    for words, who, _ in listed():
        if words not in LOCAL:
            done = lab.run("aad-tool", *words.split(), user="nobody")
            refused = done.returncode == 1 and done.stderr == "This command must be run as root.\n"
            assert refused == (who == "root"), (words, done)


@pytest.mark.parametrize("words", ["application list", "compliance-check", "user set-posix-attrs", "group set-posix-attrs"])
def test_what_is_not_there_is_not_listed(lab, words):
    assert words not in lab.out("aad-tool", "help")
    done = lab.run("aad-tool", *words.split())
    assert done.returncode == 2
    assert f"himmelblaud does not know the command '{words.split()[0]}'" in done.stderr


def test_the_old_name_of_cache_clear_works(lab):
    assert lab.out("aad-tool", "cache-invalidate") == "success"


def test_plugins_shows_domains_and_names_key_stores(lab):
    rows = [line.split() for line in lab.out("aad-tool", "plugins").splitlines()]
    assert ["domain", DOMAIN, "active", "himmelblau.domain.entra"] in [row[:4] for row in rows]
    stores = [row for row in rows if row[:2] == ["key", "store"]]
    assert {row[2] for row in stores} == {"soft", "tpm", "pkcs11"}, stores
    assert "himmelblau.mfa.push" in lab.out("aad-tool", "shell", "plugins")
    assert DOMAIN in lab.out("aad-tool", "shell", "plugins")


def test_plugins_says_which_of_two_methods_is_not_used(lab, tmp_path):
    """A second bundle for the same method id: the one that was there first stays in use, and the table says so."""
    shipped = next((ROOT / "runtime/target/image/bundles/daemon").glob("himmelblau.mfa.push-*.jar"))
    second = tmp_path / "second.jar"
    with zipfile.ZipFile(shipped) as old, zipfile.ZipFile(second, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "META-INF/MANIFEST.MF":
                content = content.replace(b"Bundle-SymbolicName: himmelblau.mfa.push", b"Bundle-SymbolicName: example.second")
            new.writestr(entry, content)
    lab.put(second)
    lab.out("install", "-m", "644", f"/root/{second.name}", "/usr/local/share/")
    lab.out("aad-tool", "shell", f"install file:/usr/local/share/{second.name}")
    lab.out("aad-tool", "shell", "start example.second")
    try:
        rows = {line.split()[4]: line for line in lab.out("aad-tool", "plugins").splitlines() if "PhoneAppNotification" in line}
        assert "not used for PhoneAppNotification,CompanionAppsNotification: himmelblau.mfa.push is first" in rows["example.second"], rows
        assert "not used" not in rows["himmelblau.mfa.push"]
        assert "login.plugin.several" in lab.log()
    finally:
        lab.out("aad-tool", "shell", "uninstall example.second")


def test_programs_get_the_same_list(lab):
    expected = ["\t".join(each) for each in listed() if each[0] not in LOCAL]
    assert sorted(lab.out("aad-tool", "help", "--list").splitlines()) == sorted(expected)


def test_commands_are_in_the_shell_too(lab):
    assert lab.out("aad-tool", "shell", "aad:status") == "working!"
    assert lab.out("aad-tool", "shell", "help aad:idmap check") == lab.out("aad-tool", "help", "idmap", "check")
    done = lab.run("aad-tool", "shell", "aad:cred list")
    assert done.returncode == 1 and "--domain is missing" in done.stderr, done
    names = {words.split()[0] for words, _, _ in listed() if words not in (*LOCAL, "shell")}
    assert {f"aad:{name}" for name in names} <= set(lab.out("aad-tool", "shell", "help").split())
    lab.out("aad-tool", "shell", "stop himmelblau.explain")
    try:
        assert "aad:explain" not in lab.out("aad-tool", "shell", "help").split()
        done = lab.run("aad-tool", "shell", "aad:explain user02")
        assert done.returncode == 1 and "Command not found: aad:explain" in done.stderr, done
    finally:
        lab.out("aad-tool", "shell", "start himmelblau.explain")


def test_each_command_is_in_the_log_and_no_secret(lab):
    begin = len(lab.log())
    lab.run("aad-tool", "cred", "secret", "--client-id", "c", "--domain", "none.example", "--secret", "hush-4711")
    lab.run("aad-tool", "cred", "secret", "--secrt=hush-4711", "hush-4711")
    lab.run("aad-tool", "shell", "aad:cred secret --domain none.example --secret hush-4711")
    lab.run("aad-tool", "shell", text="x = hush-4711\nlb\n")
    lab.run("aad-tool", "loglevel", "info", user="nobody")
    text = lab.log()[begin:]
    assert "hush-4711" not in text
    assert 'command.begins command="cred secret" arguments="--client-id c --domain none.example --secret ***" uid=0' in text
    assert 'command.begins command="cred secret" arguments="*** ***" uid=0' in text
    assert 'command.begins command="cred secret" arguments="--domain none.example --secret ***" uid=0' in text
    lines = [line for line in text.splitlines() if "shell.line" in line]
    assert ['line="aad:cred ***"' in lines[0], 'line="*** ***"' in lines[1], "line=lb" in lines[2]] == [True] * 3, lines
    assert all("uid=0 login_uid=" in line for line in lines)
    assert "command.refused command=loglevel arguments=info uid=65534" in text


PUSH = "himmelblau.mfa.push"


def rows(lab, *words):
    """The table of plug-ins, by bundle or name of the task."""
    lines = [re.split(r"  +", line) for line in lab.out("aad-tool", *words).splitlines()]
    assert lines[0] == ["KIND", "NAME", "STATE", "BUNDLE", "VERSION", "SINCE", "WHY"]
    return {row[1] if row[0] == "task" else row[3]: row for row in lines[1:]}


def test_plugins_shows_tasks_versions_and_times(lab):
    found = rows(lab, "plugins")
    assert found["home"][:4] == ["task", "home", "active", "himmelblaud_tasks"]
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", found[PUSH][4])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found[PUSH][5])
    assert {"mfa method", "key store", "domain", "breakglass", "task"} <= {row[0] for row in found.values()}
    lab.out("aad-tool", "shell", f"stop {PUSH}")
    try:
        assert rows(lab, "plugins")[PUSH][2:3] + rows(lab, "plugins")[PUSH][-1:] == ["stopped", "the bundle is not started"]
    finally:
        assert "active" in lab.out("aad-tool", "shell", f"mfa:enable {PUSH}")


def test_a_method_is_disabled_and_enabled(lab, enrolled):
    said = lab.out("aad-tool", "shell", "mfa:disable push")
    try:
        assert "Users are not offered PhoneAppNotification,CompanionAppsNotification." in said
        assert rows(lab, "plugins")[PUSH][2] == "disabled"
        with enrolled.ssh() as session:
            session.pin(PIN)
            session.shell()
        user = lab.new_user()
        with TerminalSession(user.ssh(timeout=60).terminal) as session:
            session.terminal.until("Password: ")
            session.say(PASSWORD)
            session.terminal.until("Permission denied")
            assert "Open your Authenticator app" not in session.terminal.transcript()
    finally:
        lab.out("aad-tool", "shell", "mfa:enable push")
    lab.new_user().enrol()
    log = lab.log()
    assert 'plugin.disabled kind="mfa method"' in log and 'plugin.enabled kind="mfa method"' in log


def test_what_nobody_can_do_without_is_not_disabled_at_the_first_word(lab):
    for line, why in (
        (f"domain:disable {DOMAIN}", f"Users of {DOMAIN} cannot sign in until it is back."),
        ("hsm:disable soft", "nobody can sign in until it is back."),
    ):
        done = lab.run("aad-tool", "shell", line)
        assert done.returncode == 1 and why in done.stderr and "Nothing was changed." in done.stderr, done
    assert lab.out("aad-tool", "status") == "working!"


def test_another_version_of_a_method_is_loaded_or_the_old_one_stays(lab, tmp_path):
    good = other_version(lab, tmp_path, PUSH, "good.jar", VERSION)
    bad = other_version(lab, tmp_path, PUSH, "bad.jar", (VERSION[0], rb"Bundle-Version: 9.9.9\1\nBundle-Activator: no.such.Activator\1"))
    other = other_version(lab, tmp_path, PUSH, "other.jar", (rb"^Bundle-SymbolicName: himmelblau.mfa.push", b"Bundle-SymbolicName: himmelblau.mfa.other"))
    before = rows(lab, "plugins")[PUSH][4]
    pid = lab.daemon_pid()
    try:
        for file, why in (
            (bad, "The new version does not start: "),
            (other, "is the bundle himmelblau.mfa.other, not himmelblau.mfa.push."),
            ("/root/good.jar", "is not there for the daemon"),
        ):
            done = lab.run("aad-tool", "shell", f"mfa:update push {file}")
            assert done.returncode == 1 and why in done.stderr, done
            assert rows(lab, "plugins")[PUSH][2] == "active" and rows(lab, "plugins")[PUSH][4] == before
        lab.new_user().enrol()
        lab.out("chmod", "o+w", good)
        done = lab.run("aad-tool", "shell", f"mfa:update push {good}")
        assert done.returncode == 1 and f"{good} must belong to root and be writable by root only." in done.stderr, done
        lab.out("chmod", "o-w", good)
        assert "was replaced by 9.8.7, until himmelblaud restarts." in lab.out("aad-tool", "shell", f"mfa:update push {good}")
        assert rows(lab, "plugins")[PUSH][2] == "active" and rows(lab, "plugins")[PUSH][4] == "9.8.7"
        lab.new_user().enrol()
        assert lab.daemon_pid() == pid
        log = lab.log()
        assert "plugin.update_undone" in log and f"plugin.updated bundle={PUSH}" in log
    finally:
        lab.restart()
        lab.await_daemon()
    assert rows(lab, "plugins")[PUSH][4] == before, "an update does not last over a restart"
