"""Runs pam_himmelblau.so in the real libpam, against a daemon that follows a script."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from wire import START, Daemon, end, hidden, say

MODULE, PROBE, DRIVER = (os.environ[name] for name in ("PAM_MODULE", "PAM_PROBE", "PAM_DRIVER"))
SUCCESS, SERVICE_ERR, BUF_ERR, AUTH_ERR, USER_UNKNOWN, ABORT = 0, 3, 5, 7, 10, 26
BANNER = (
    "I PAM_SYSTEM_ERR: Unexpected error occurred.\\nIf you are now prompted for a password from pam_unix, "
    "please disregard the prompt, go back and try again."
)
STARTING = "I Himmelblau authentication is starting, please wait..."
LATE = "E Himmelblau authentication service did not become available in time."
UNAVAILABLE = "E Himmelblau authentication service is unavailable."


class PamCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="pam-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "socket")

    @contextlib.contextmanager
    def daemon(self, script, path=None):
        daemon = Daemon(path or self.path, script)
        try:
            yield daemon
        finally:
            daemon.stop()
        self.assertEqual([], daemon.errors)

    def stack(self, options, before="", after=""):
        """Our result is the stack's, except that PAM_IGNORE shows as "I reached"."""
        lines = []
        for kind in ("auth", "account", "session", "password"):
            lines.append(f"{kind} optional {PROBE} {before}")
            lines.append(f"{kind} [success=ok ignore=1 default=die] {MODULE} socket={self.path} {options}")
            lines.append(f"{kind} [default=1] {PROBE} {after} return=25")
            lines.append(f"{kind} required {PROBE} reached")
            lines.append(f"{kind} required {PROBE}")
        for service in ("sshd", "login"):
            with open(os.path.join(self.folder, service), "w", encoding="latin-1") as file:
                file.write("\n".join(lines) + "\n")

    def with_rights_of_another(self):
        """A copy of the driver that takes the group of its file: AT_SECURE of getauxval(3), as for su."""
        program = os.path.join(self.folder, "driver")
        shutil.copy(DRIVER, program)
        if os.geteuid() != 0 or os.statvfs(program).f_flag & os.ST_NOSUID:
            self.skipTest("no program takes its group's rights here")
        os.chown(program, 0, 65534)
        os.chmod(program, 0o2755)
        return program

    def run_hook(self, hook, *answers, options="", user="user02", before="", after="", environment=None, driver=DRIVER):
        self.stack(options, before, after)
        return self.driven(hook, *answers, user=user, environment=environment, driver=driver)

    def driven(self, hook, *answers, user="user02", environment=None, driver=DRIVER):
        """One PAM call with the stack as it is; the answers are typed."""
        done = subprocess.run(
            [driver, self.folder, user, hook, *answers],
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **sanitizer_options(), **(environment or {})},
            capture_output=True,
            timeout=30,
            check=False,
            cwd=self.folder,
        )
        self.assertEqual(b"", done.stderr)
        self.assertEqual(0, done.returncode)
        *transcript, result = done.stdout.decode().splitlines()
        if "I reached" in transcript:
            return [line for line in transcript if line != "I reached"], "ignored"
        return transcript, int(result.removeprefix("result "))


def sanitizer_options():
    return {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}


def replies(*frames):
    """A daemon that reads START, says these frames, and stays until the other end closes."""

    def script(daemon, peer):
        daemon.seen.append(peer.receive())
        for data in frames:
            peer.send(data)
        daemon.seen.append(peer.receive())

    return script


def pin_sign_in(daemon, peer):
    daemon.seen.append(peer.receive())
    peer.send(say("Use the Linux Hello PIN for this device."))
    daemon.seen.append(peer.ask(hidden("PIN: ", 1)))
    peer.send(end(0, "user02", "KRB5CCNAME=KEYRING:persistent:1", "broken", "=worse"))
