"""himmelblau_ccache with the host's Kerberos library, on caches in a folder of the test's own.

The environment has no say, so an /etc with a krb5.conf is put in its place in a mount namespace; who may not make one tests only what
needs no cache.
"""

import os
import shutil
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = os.environ["CCACHE"]
UID = GID = 54321
DONE, FAILED, WRONG_USE, NO_LIBRARY, REFUSED = range(5)
REALM = "EXAMPLE.COM"
ROOT = os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0


def counted(data):
    return struct.pack(">I", len(data)) + data


def principal(name, realm=REALM):
    parts = name.split("/")
    return struct.pack(">II", 1, len(parts)) + counted(realm.encode()) + b"".join(counted(part.encode()) for part in parts)


def cache(client, seconds=3600, service=f"krbtgt/{REALM}", secret=b"ticket"):
    """A credential cache in the format of files, version 3."""
    now = int(time.time())
    times = struct.pack(">IIII", now, now, now + seconds, now + seconds)
    key = struct.pack(">HH", 18, 18) + counted(bytes(32))
    rest = b"\0" + struct.pack(">I", 0x40C10000) + struct.pack(">II", 0, 0) + counted(secret) + counted(b"")
    return b"\5\3" + principal(client) + principal(client) + principal(service) + key + times + rest


class Cases(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "etc").mkdir()
        for name in ("ld.so.cache", "passwd", "group", "nsswitch.conf"):
            if os.path.exists(f"/etc/{name}"):
                shutil.copy(f"/etc/{name}", self.folder / "etc")
        self.mine = self.folder / "mine"
        self.mine.mkdir(mode=0o700)
        os.chown(self.mine, UID, GID)
        self.default(f"FILE:{self.mine}/cache")

    def default(self, name):
        (self.folder / "etc/krb5.conf").write_text(f"[libdefaults]\n default_realm = {REALM}\n default_ccache_name = {name}\n")

    def run_it(self, *words, data=b"", uid=UID, gid=GID, environ=None, before=()):
        """Its exit code and what it printed."""
        place = "mount --bind \"$1\" /etc && shift && exec \"$@\""
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", place, "sh", self.folder / "etc", *before, PROGRAM, *words, str(uid), str(gid)],
            input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=60, env={**os.environ, **(environ or {})},
        )
        self.assertNotIn(b"Sanitizer", done.stderr)
        self.assertNotIn(b"runtime error", done.stderr)
        return done.returncode, done.stdout.decode()

    def kept(self, data, verb="keep"):
        code, said = self.run_it(verb, data=data)
        self.assertEqual(code, DONE, said)
        return said.strip()

    def own(self, path, data):
        """What the user has put there without us."""
        path.write_bytes(data)
        os.chown(path, UID, GID)
        path.chmod(0o600)


@unittest.skipUnless(ROOT, "needs root and mount namespaces")
class OneFile(Cases):
    def test_is_written_as_the_user(self):
        self.assertEqual(self.kept(cache("ada", secret=b"first")), f"FILE:{self.mine}/cache")
        file = self.mine / "cache"
        there = file.stat()
        self.assertEqual((there.st_uid, there.st_gid, there.st_mode & 0o7777), (UID, GID, 0o600))
        self.assertIn(b"first", file.read_bytes())
        self.kept(cache("ada", secret=b"second"))
        self.assertIn(b"second", file.read_bytes())
        self.assertNotIn(b"first", file.read_bytes())

    def test_the_environment_has_no_say(self):
        code, said = self.run_it("keep", data=cache("ada"), environ={"KRB5CCNAME": f"FILE:{self.mine}/other"})
        self.assertEqual((code, said.strip()), (DONE, f"FILE:{self.mine}/cache"))

    def test_not_where_the_user_may_not_write(self):
        self.mine.chmod(0o700)
        os.chown(self.mine, 0, 0)
        code, said = self.run_it("keep", data=cache("ada"))
        self.assertEqual(code, FAILED, said)
        self.assertEqual(list(self.mine.iterdir()), [])

    def test_not_with_the_groups_of_who_started_it(self):
        os.chown(self.mine, 0, 12345)
        self.mine.chmod(0o770)
        code, said = self.run_it("keep", data=cache("ada"), before=("setpriv", "--groups=12345"))
        self.assertEqual(code, FAILED, said)

    def test_a_link_of_the_users_is_replaced(self):
        target = self.folder / "target"
        self.own(target, b"precious")
        (self.mine / "cache").symlink_to(target)
        code, said = self.run_it("keep", data=cache("ada"))
        self.assertEqual(target.read_bytes(), b"precious", (code, said))

    def test_another_clients_good_tickets_stay(self):
        file = self.mine / "cache"
        self.own(file, cache("eve"))
        before = file.read_bytes()
        code, said = self.run_it("keep", data=cache("ada"))
        self.assertEqual(code, REFUSED)
        self.assertIn("somebody else", said)
        self.assertEqual(file.read_bytes(), before)

    def test_another_clients_old_tickets_do_not(self):
        self.own(self.mine / "cache", cache("eve", seconds=-60))
        self.kept(cache("ada"))
        self.assertNotIn(b"eve", (self.mine / "cache").read_bytes())

    def test_our_own_are_replaced_whoever_they_are_for(self):
        self.kept(cache("ada"))
        self.kept(cache("bob"))
        self.assertNotIn(b"ada", (self.mine / "cache").read_bytes())

    def test_only_ours_are_removed(self):
        file = self.mine / "cache"
        self.own(file, cache("ada"))
        self.assertEqual(self.run_it("drop"), (DONE, "0 credential caches are removed\n"))
        self.assertTrue(file.exists())
        self.kept(cache("ada"))
        self.assertEqual(self.run_it("drop"), (DONE, "1 credential caches are removed\n"))
        self.assertFalse(file.exists())
        self.assertEqual(self.run_it("drop")[0], DONE)

    def test_garbage_on_standard_input(self):
        good = cache("ada")
        for data in (b"", b"hello", b"\5\4", b"\5\3", bytes(65), good[:20], b"\5\3" + b"\xff" * 200, good + bytes(70000)):
            code, said = self.run_it("keep", data=data)
            self.assertEqual(code, REFUSED, (data[:20], said))
            self.assertFalse((self.mine / "cache").exists(), data[:20])

    def test_damaged_caches_never_break_it(self):
        good = cache("ada")
        for i in range(6, len(good), 7):
            for data in (good[:i], good[:i] + b"\xff" + good[i + 1:]):
                code, said = self.run_it("keep", data=data)
                self.assertIn(code, (DONE, FAILED, REFUSED), (i, said))

    def test_garbage_in_the_place_of_the_cache(self):
        self.own(self.mine / "cache", b"garbage" * 100)
        self.assertEqual(self.run_it("drop")[0], DONE)
        self.assertTrue((self.mine / "cache").exists())
        self.kept(cache("ada"))


@unittest.skipUnless(ROOT, "needs root and mount namespaces")
class Folder(Cases):
    def setUp(self):
        super().setUp()
        self.default(f"DIR:{self.mine}/all")

    def caches(self):
        return sorted(path.read_bytes() for path in (self.mine / "all").glob("tkt*"))

    def test_one_for_each_client(self):
        first = self.kept(cache("ada"))
        second = self.kept(cache("bob"), "keep-primary")
        self.assertNotEqual(first, second)
        primary = (self.mine / "all/primary").read_text().strip()
        self.assertTrue(second.endswith(primary), (second, primary))
        for _ in range(3):
            self.assertEqual(self.kept(cache("ada")), first)
        self.assertEqual(len(self.caches()), 2)
        self.assertEqual((self.mine / "all/primary").read_text().strip(), primary)

    def test_only_ours_are_removed(self):
        self.kept(cache("ada"))
        self.own(self.mine / "all/tktown", cache("eve"))
        self.kept(cache("bob"))
        self.assertEqual(len(self.caches()), 3)
        self.assertEqual(self.run_it("drop"), (DONE, "2 credential caches are removed\n"))
        self.assertEqual([path.name for path in (self.mine / "all").glob("tkt*")], ["tktown"])


class Use(unittest.TestCase):
    def test_wrong_words(self):
        for words in ([], ["keep"], ["keep", "0", "5"], ["keep", "5", "0"], ["drop", "x", "5"], ["drop", "-1", "5"], ["drop", "4294967295", "5"],
                      ["drop", "5", "5", "5"], ["drop", "99999999999", "5"]):
            done = subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False, timeout=30)
            self.assertEqual(done.returncode, WRONG_USE, words)
            self.assertIn(b"usage", done.stdout)

    @unittest.skipIf(os.geteuid() == 0, "root may")
    def test_nobody_becomes_somebody_else(self):
        done = subprocess.run([PROGRAM, "drop", "54321", "54321"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False, timeout=30)
        self.assertEqual(done.returncode, FAILED)


if __name__ == "__main__":
    unittest.main()
