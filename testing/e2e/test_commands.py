"""One source for commands: what the daemon has, what aad-tool's help lists and what each help says cannot differ."""

import subprocess
import zipfile

import pytest

from frames import COMMAND, Peer, frame, u32
from running_lab import DOMAIN, ROOT

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
    assert ["domain", DOMAIN, "active", "himmelblau.domain.entra"] in rows
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
