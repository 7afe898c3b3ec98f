"""
Users at the PAM files that configure-pam has changed: with the real libpam and pam_unix, in a mount namespace with an /etc of
its own. Local accounts must get in as before whatever himmelblaud does; a refusal of himmelblaud must be the last word.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from pam_profiles_test import read, render
from wire import Daemon, end, hidden

TOOL, MODULE, NEIGHBOUR, DRIVER = (os.environ[name] for name in ("CONFIGURE_PAM", "PAM_MODULE", "PAM_NEIGHBOUR", "PAM_DRIVER"))
STOCK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pam.d")
SECURITY = os.path.dirname(next(iter(glob.glob("/lib/*/security/pam_unix.so") + glob.glob("/usr/lib*/security/pam_unix.so")), "/x"))
SANITIZERS = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
SUCCESS, AUTH_ERR, ACCT_EXPIRED, IGNORE = 0, 7, 13, 25
PASSWORDS = {"root": "root's secret", "alice": "alice's secret", "user02": "left over"}
HOOKS = ("auth", "account", "open", "close")

# How the services of each distribution take in the files that are changed.
SERVICES = {
    "fedora": ["auth substack system-auth"] + [f"{stack} include system-auth" for stack in ("account", "password", "session")],
    "rhel-9": ["auth substack password-auth"] + [f"{stack} include password-auth" for stack in ("account", "password", "session")],
    "suse": [f"{stack} include common-{stack}" for stack in ("auth", "account", "password", "session")],
    "arch": [f"{stack} include system-login" for stack in ("auth", "account", "password", "session")],
    "debian": [f"@include common-{stack}" for stack in ("auth", "account", "password", "session")],
}


def nobody_of_ours(daemon, peer):
    daemon.seen.append(peer.receive())
    peer.send(end(IGNORE))


def lets_in(daemon, peer):
    daemon.seen.append(peer.receive())
    peer.send(end(SUCCESS, "user02"))


def asks_and_refuses(daemon, peer):
    daemon.seen.append(peer.receive())
    peer.ask(hidden("PIN: ", 1))
    peer.send(end(AUTH_ERR, "user02"))


def refuses(daemon, peer):
    daemon.seen.append(peer.receive())
    peer.send(end(AUTH_ERR, "user02"))


def is_stuck(daemon, peer):
    daemon.seen.append(peer.receive())
    peer.connection.settimeout(60)
    peer.receive()


class Host(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("needs root")
        cls.root = tempfile.mkdtemp(prefix="configure-pam-host-")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        os.chmod(cls.root, 0o755)
        shutil.copytree(SECURITY, os.path.join(cls.root, "security"))
        for name in ("pam_pwquality.so", "pam_cracklib.so", "pam_sss.so"):
            shutil.copy(NEIGHBOUR, os.path.join(cls.root, "security", name))
        os.makedirs(os.path.join(cls.root, "run/himmelblaud"))
        # pam_unix must know user02, whom the daemon signs in: a local account that the user map gives to the directory.
        os.makedirs(os.path.join(cls.root, "cache/himmelblaud/nss"))
        with open(os.path.join(cls.root, "cache/himmelblaud/nss/local-names"), "w", encoding="ascii") as names:
            names.write("user02\n")
        cls.etc = os.path.join(cls.root, "etc")
        os.makedirs(cls.etc)
        for name in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "login.defs", "security", "environment", "shells", "localtime"):
            if os.path.exists("/etc/" + name):
                subprocess.run(["cp", "-a", "/etc/" + name, cls.etc], check=True)
        cls.hashes = {
            name: subprocess.run(["openssl", "passwd", "-6", word], capture_output=True, text=True, check=True).stdout.strip()
            for name, word in PASSWORDS.items()
        }

    def setUp(self):
        accounts = {"root": 0, "alice": 1001, "user02": 1002}
        self.put("passwd", "".join(f"{name}:x:{uid}:{uid}::/:/bin/sh\n" for name, uid in accounts.items()))
        self.put("group", "".join(f"{name}:x:{uid}:\n" for name, uid in accounts.items()))
        self.put("shadow", "".join(f"{name}:{self.hashes[name]}:19000:0:99999:7:::\n" for name in accounts), 0o600)
        self.put("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\n")
        self.module(True)

    def put(self, name, text, mode=0o644):
        with open(os.path.join(self.etc, name), "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(os.path.join(self.etc, name), mode)

    def module(self, there):
        path = os.path.join(self.root, "security/pam_himmelblau.so")
        if there:
            shutil.copy(MODULE, path)
        elif os.path.exists(path):
            os.unlink(path)

    def stock(self, distribution):
        folder = os.path.join(self.etc, "pam.d")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(os.path.join(STOCK, distribution), folder)
        if distribution == "suse":
            for name in ("auth", "account", "session", "password"):
                os.symlink(f"common-{name}-pc", os.path.join(folder, f"common-{name}"))
        self.put("pam.d/sshd", "\n".join(SERVICES[distribution]) + "\n")
        self.put("pam.d/other", "auth required pam_deny.so\naccount required pam_deny.so\n")

    def configure(self, *words):
        subprocess.run([TOOL, self.root, "--really", *words], check=True, capture_output=True, timeout=30)

    def hook(self, user, hook, *answers):
        """(result, what was shown)"""
        mounts = (
            f"mount --bind {self.etc} /etc && mount --bind {self.root}/security {SECURITY} && "
            f"mount --bind {self.root}/run /run && mount --bind {self.root}/cache /var/cache && exec \"$@\""
        )
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounts, "sh", DRIVER, "/etc/pam.d", user, hook, *answers],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **SANITIZERS},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        *shown, result = done.stdout.splitlines()
        return int(result.removeprefix("result ")), shown

    def local_accounts_get_in(self, fast=False):
        for user in ("alice",) if fast else ("root", "alice"):
            for hook in HOOKS:
                self.assertEqual(SUCCESS, self.hook(user, hook, PASSWORDS[user])[0], (user, hook))
        if not fast:
            self.assertNotEqual(SUCCESS, self.hook("alice", "auth", "wrong")[0])

    def local_accounts_change_passwords(self):
        self.assertEqual(SUCCESS, self.hook("alice", "password", "new Secret 17", "new Secret 17")[0])
        self.assertEqual(SUCCESS, self.hook("alice", "auth", "new Secret 17")[0])
        self.setUp()

    def with_daemon(self, script):
        daemon = Daemon(os.path.join(self.root, "run/himmelblaud/socket"), script)
        self.addCleanup(lambda: self.assertEqual([], daemon.errors))
        return daemon


def distribution_case(distribution):
    class Signing(Host):
        def test_local_accounts_at_every_step(self):
            self.stock(distribution)
            self.local_accounts_get_in(fast=True)
            self.local_accounts_change_passwords()
            self.configure()
            self.local_accounts_get_in()
            self.local_accounts_change_passwords()
            self.module(False)
            self.local_accounts_get_in(fast=True)
            self.local_accounts_change_passwords()
            self.configure("--undo")
            self.local_accounts_get_in(fast=True)

        def test_local_accounts_while_the_daemon_runs(self):
            self.stock(distribution)
            self.configure()
            daemon = self.with_daemon(nobody_of_ours)
            self.local_accounts_get_in(fast=True)
            self.local_accounts_change_passwords()
            daemon.stop()
            self.assertEqual([], daemon.seen)  # local accounts need no daemon

        def test_accounts_of_the_directory(self):
            self.stock(distribution)
            self.configure()
            daemon = self.with_daemon(lets_in)
            for hook in HOOKS:
                self.assertEqual(SUCCESS, self.hook("user02", hook)[0], hook)
            self.assertEqual(SUCCESS, self.hook("user02", "password")[0])
            daemon.stop()
            # START carries the operation first: each came by once, so the module stands once in each stack.
            self.assertEqual(5 + 1, len(daemon.seen), daemon.seen)

        def test_a_refusal_is_the_last_word(self):
            self.stock(distribution)
            self.assertEqual(SUCCESS, self.hook("user02", "auth", PASSWORDS["user02"])[0])
            self.configure()
            daemon = self.with_daemon(asks_and_refuses)
            result, shown = self.hook("user02", "auth", "1234", PASSWORDS["user02"])
            self.assertEqual((AUTH_ERR, 1), (result, len([line for line in shown if line.startswith("off")])))
            daemon.stop()
            daemon = self.with_daemon(refuses)
            self.assertEqual(AUTH_ERR, self.hook("user02", "account")[0])
            daemon.stop()

    Signing.__name__ = Signing.__qualname__ = distribution.replace("-", "_").title()
    return Signing


for _distribution in SERVICES:
    _case = distribution_case(_distribution)
    globals()[_case.__name__] = _case


class Authselect(Host):
    """The PAM files that authselect writes from our profile: a mistake in it could lock users out of a host."""

    def each_selection(self):
        for features in ((), ("with-sssd",), ("with-faillock", "with-pwhistory", "without-nullok")):
            self.stock("fedora")
            for name in ("system-auth", "password-auth"):
                self.put(f"pam.d/{name}", render(read(f"authselect/{name}"), features))
            with self.subTest(features=features):
                yield

    def test_local_accounts(self):
        for _ in self.each_selection():
            self.local_accounts_get_in()
            self.local_accounts_change_passwords()
            self.module(False)
            self.local_accounts_get_in(fast=True)
            self.module(True)

    def test_accounts_of_the_directory(self):
        for _ in self.each_selection():
            daemon = self.with_daemon(lets_in)
            for hook in (*HOOKS, "password"):
                self.assertEqual(SUCCESS, self.hook("user02", hook)[0], hook)
            daemon.stop()

    def test_a_refusal_is_the_last_word(self):
        for _ in self.each_selection():
            daemon = self.with_daemon(asks_and_refuses)
            result, shown = self.hook("user02", "auth", "1234", PASSWORDS["user02"])
            self.assertEqual((AUTH_ERR, 1), (result, len([line for line in shown if line.startswith("off")])))
            daemon.stop()
            for code in (AUTH_ERR, ACCT_EXPIRED):
                daemon = self.with_daemon(lambda _, peer, code=code: (peer.receive(), peer.send(end(code, "user02"))))
                self.assertNotEqual(SUCCESS, self.hook("user02", "account")[0])
                daemon.stop()


class Stuck(Host):
    def test_local_accounts_while_the_daemon_does_not_answer(self):
        self.stock("fedora")
        self.configure()
        daemon = self.with_daemon(is_stuck)
        self.local_accounts_get_in(fast=True)
        daemon.stop()


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False).result.wasSuccessful() else 1)
