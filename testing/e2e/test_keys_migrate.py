"""An enrolment in software keeps its PIN on every way to something stronger; a migration is whole or has not happened."""

import ast

import pytest

from keys import DATABASE, signs_in


def soft(keys):
    """Somebody who enrolled when there was no TPM."""
    keys.begin("soft", tpm=False)
    user = keys.lab.new_user().enrol()
    assert "soft, in use, can be opened with the HSM PIN file alone" in keys.tpm()
    return user


def state(lab):
    """All rows of everything, as the daemon has written them."""
    script = f"import sqlite3; print('\\n'.join(sqlite3.connect('file:{DATABASE}?mode=ro', uri=True).iterdump()))"
    return lab.out("python3", "-c", script)


def test_a_tpm_appears(keys):
    user = soft(keys)
    keys.lab.start("tpm")
    keys.lab.restart()
    assert "soft, in use, can be opened only with machine key" in keys.tpm()
    signs_in(user)
    with keys.away():
        assert not keys.open(), "bound from now on"
    signs_in(user)


@pytest.mark.parametrize("hsm_type", ["tpm_if_possible", "tpm"])
def test_hsm_type_changes(keys, hsm_type):
    """Under the running daemon, then through a restart of everything."""
    user = soft(keys)
    keys.lab.start("tpm")
    keys.configure(hsm_type)
    keys.restart_everything()
    assert "in use, can be opened only with" in keys.tpm()
    signs_in(user)
    keys.restart_everything()
    signs_in(user)
    assert keys.handles() == {}


def test_hsm_type_that_is_not_possible_changes_nothing(keys):
    user = soft(keys)
    before = state(keys.lab)
    keys.configure("tpm")
    keys.lab.restart()
    assert "hsm_type = tpm, but it cannot be used" in keys.status()
    assert not keys.open()
    assert state(keys.lab) == before
    keys.configure("soft")
    keys.await_open()
    signs_in(user)


def migrate(lab, to, *more):
    return lab.run("aad-tool", "hsm", "migrate", "--to", to, *more)


@pytest.mark.parametrize("to", ["tpm_bound_soft_if_possible", "tpm"])
def test_migrate(keys, to):
    user = soft(keys)
    keys.lab.start("tpm")
    before = state(keys.lab)
    rehearsal = migrate(keys.lab, to, "--dry-run")
    assert rehearsal.returncode == 0, rehearsal.stderr
    for words in ("Would move", "enrolled again", "This was a dry run: nothing was changed."):
        assert words in rehearsal.stdout
    assert state(keys.lab) == before
    done = migrate(keys.lab, to)
    assert done.returncode == 0, done.stderr
    assert "Moved to the store" in done.stdout
    assert state(keys.lab) != before
    signs_in(user)
    keys.configure(to)
    keys.restart_everything()
    signs_in(user)


def test_migrate_to_what_is_not_there(keys):
    user = soft(keys)
    before = state(keys.lab)
    done = migrate(keys.lab, "tpm")
    assert done.returncode == 1
    assert "Nothing was changed" in done.stdout + done.stderr
    assert migrate(keys.lab, "no-such-store").returncode == 2
    assert state(keys.lab) == before
    signs_in(user)


def test_killed_in_the_middle(keys):
    """The old state or the new one, both with the old PIN."""
    user = soft(keys)
    lab = keys.lab
    lab.lab("stop", "daemon")
    copy = keys.save()
    for milliseconds in (30, 90, 180, 300):
        keys.restore(copy)
        lab.start()
        lab.start("tpm")
        before = machine_keys(lab)
        script = f"aad-tool hsm migrate --to tpm & sleep {milliseconds / 1000}; pkill -KILL -u himmelblaud java; wait"
        lab.run("sh", "-c", script)
        lab.lab("kill", "daemon")
        after = machine_keys(lab)
        assert after == before or [row[1:3] for row in after] == [("soft", 0), ("tpm", 1)], milliseconds
        lab.start()
        keys.await_open()
        signs_in(user)
        lab.lab("stop", "daemon")
        keys.stop_tpm()


def machine_keys(lab):
    query = "SELECT id, store, current, opened_by, hex(blob) FROM machine_key ORDER BY id"
    script = f"import sqlite3; print(list(sqlite3.connect('file:{DATABASE}?mode=ro', uri=True).execute('{query}')))"
    return ast.literal_eval(lab.out("python3", "-c", script))
