"""A copied disk: on another machine nothing opens, it says why, nothing is destroyed, and back home all is as before."""

import contextlib
import hashlib
import shutil
import sqlite3
import stat

import pytest

from conftest import here
from keys import DATABASE, PIN_FILE, Keys, refused, signs_in
from running_lab import PIN, RunningLab


CLOSED = (
    "Authentication service unavailable: the keys of this computer cannot be opened. The command"
    ' "aad-tool status" tells the administrator why and what to do.\n'
)


@pytest.fixture(scope="module")
def thief(conf):
    """A second machine with a TPM of its own."""
    lab = RunningLab(here("e2e-thief"), conf(), tpm="swtpm")
    lab.lab("down", check=False)
    yield Keys(lab.up())
    lab.down()


def contents(copy, scratch):
    """All of the state that matters: each file, and the database by its rows, since its log may be written back."""
    found = {}
    for path in sorted(copy.rglob("*")):
        name, facts = str(path.relative_to(copy)), path.lstat()
        if not stat.S_ISREG(facts.st_mode) or "/nss/" in name or name.startswith(DATABASE[1:]):
            continue
        found[name] = (oct(facts.st_mode), facts.st_uid, hashlib.sha256(path.read_bytes()).hexdigest())
    scratch.mkdir()
    for path in (copy / DATABASE[1:]).parent.glob("*.db*"):
        shutil.copy(path, scratch)
    with contextlib.closing(sqlite3.connect(scratch / DATABASE.rsplit("/", 1)[1])) as database:
        found[DATABASE] = list(database.iterdump())
    return found


def carry(thief, copy):
    thief.lab.lab("stop", "daemon")
    thief.restore(copy)
    thief.lab.start()


@pytest.mark.parametrize("hsm_type", ["tpm_bound_soft_if_possible", "tpm"])
def test_useless_elsewhere_and_whole_at_home(keys, thief, tmp_path, hsm_type):
    keys.begin(hsm_type)
    user = keys.lab.new_user().enrol()
    signs_in(user)
    keys.lab.lab("stop", "daemon")
    copy = keys.save()
    assert f"{PIN_FILE[1:]}" in contents(copy, tmp_path / "scratch")

    carry(thief, copy)
    assert_says_why(thief, user)
    thief.lab.restart()  # trying again changes nothing either
    assert not thief.open()
    thief.lab.lab("stop", "daemon")
    back = thief.save()
    assert contents(back, tmp_path / "there") == contents(copy, tmp_path / "here")

    keys.restore(back)
    keys.lab.start()
    assert keys.open()
    signs_in(user)
    assert keys.handles() == {} == thief.handles()


def assert_says_why(thief, user):
    assert not thief.open()
    why = "made by another TPM, or this TPM was cleared"
    todo = "Restore the original"
    for text in (thief.status(), thief.tpm(), thief.lab.log()):
        assert why in text
        assert todo in text
    assert "Nobody can sign in" in thief.status()
    assert "the keys of this host CANNOT be opened" in thief.tpm()
    assert thief.lab.run("aad-tool", "status").returncode == 1
    assert thief.lab.out("id", "-un", thief.lab.out("id", "-u", user.name)) == user.name, "lookups go on"
    for service in ("sshd", "login"):
        said = refused(thief.lab, user, service)
        assert CLOSED.strip() in said
        assert "PIN: " not in said
    with thief.lab.ssh(user.name) as session:  # other modules have their turn: local accounts stay usable
        session.see(CLOSED + "Password: ")
        session.say(PIN)
        assert "$ " not in session.terminal.until("Password: ")


def test_without_the_pin_file_or_with_another(keys, thief):
    """Half a copy is as useless, also on the machine itself; that file alone opens nothing."""
    keys.begin("tpm_bound_soft_if_possible")
    user = keys.lab.new_user().enrol()
    keys.lab.lab("stop", "daemon")
    copy = keys.save()
    (copy / PIN_FILE[1:]).write_text("0123456789abcdef" * 3)
    carry(thief, copy)
    assert not thief.open()
    assert "the keys of this computer cannot be opened" in refused(thief.lab, user, "login")
    keys.lab.start()
    signs_in(user, PIN)
