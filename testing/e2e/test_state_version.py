"""The version of the state: written down for packages, raised with every migration, and a newer one is refused untouched."""

import re
import time
from pathlib import Path

from keys import DATABASE, refused
from running_lab import DOMAIN, PASSWORD, ROOT, User

CACHE = "/var/cache/himmelblaud"
FILE = f"{CACHE}/state-version"
SOURCE = Path(ROOT, "bundles/ground/store/src/main/resources/himmelblau/store/internal/state-version")
FINGERPRINT = f"cd {CACHE} && for f in himmelblau.cache.db* state-version; do stat -c '%n %a %Y %s %i' $f; sha256sum $f; done"


def sqlite(lab, *statements):
    script = f"import sqlite3, sys; c = sqlite3.connect('{DATABASE}', isolation_level=None)\nfor s in sys.argv[1:]: print(*(f'{{r[0]}} {{r[1]}}' if len(r) > 1 else r[0] for r in c.execute(s)), sep='\\n')"
    return lab.out("python3", "-c", script, *statements)


def test_it_says_how_many_migrations_each_area_has(lab):
    """A new migration must raise the version in that file, or an older package would not be refused."""
    listed = re.findall(r"^area (\w+ \d+)$", SOURCE.read_text(), re.MULTILINE)
    assert sqlite(lab, "SELECT name, version FROM store_area ORDER BY name").splitlines() == sorted(listed)
    known = re.search(r"^version (\d+)$", SOURCE.read_text(), re.MULTILINE)[1]
    assert lab.out("cat", FILE) == known
    assert sqlite(lab, "PRAGMA user_version") == known


def test_a_newer_state_is_refused_untouched(another):
    lab = another(name="e2e-newer")
    lab.await_name("user02")
    lab.kill_daemon()  # so that the write-ahead log stays
    lab.write(FILE, "999\n")
    before = lab.out("sh", "-c", FINGERPRINT)
    assert "himmelblau.cache.db-wal" in before
    begin = time.monotonic()
    lab.start()
    assert time.monotonic() - begin < 60, "it runs, so that it can be asked why nobody can sign in"
    assert "the database of this computer cannot be opened" in refused(lab, User(lab, "user02", f"user02@{DOMAIN}", PASSWORD))
    done = lab.run("aad-tool", "status")
    assert done.returncode == 1
    for text in (done.stdout + done.stderr, lab.log()):
        assert "state version 999" in text
    assert lab.out("sh", "-c", FINGERPRINT) == before
    assert lab.run("getent", "passwd", "root").returncode == 0
    lab.lab("stop", "daemon", check=False)
    assert lab.out("sh", "-c", FINGERPRINT) == before
    # The version that wrote it comes back: everything is there.
    known = re.search(r"^version (\d+)$", SOURCE.read_text(), re.MULTILINE)[1]
    lab.write(FILE, known + "\n")
    lab.start()
    assert lab.out("aad-tool", "status") == "working!"
