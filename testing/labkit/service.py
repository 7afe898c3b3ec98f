"""One supervised process: start until ready, stop, kill, and say why when it does not work."""

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from . import LabError

START_LIMIT = 60
STOP_LIMIT = 20
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}


class Service:
    """spec: how to start it (see Spec). Thread-safe: commands on one service wait for each other."""

    def __init__(self, spec, log_directory, reaper):
        self.spec = spec
        self.log = Path(log_directory, spec.name + ".log")
        self._reaper = reaper
        self._commands = threading.RLock()
        self._changed = threading.Condition()
        self._process = None
        self._status = None
        self._ready = False
        self._started = self._took = 0.0

    def start(self):
        with self._commands:
            if self.running():
                return
            for hook in self.spec.before:
                hook()
            begin = self.log.stat().st_size if self.log.exists() else 0
            self._spawn()
            if not self._await_ready(begin):
                status = self._status
                if status is None:
                    self.kill()
                    reason = f"was not ready after {START_LIMIT} s"
                else:
                    reason = f"ended at once ({describe(status)})"
                raise LabError(f"{self.spec.name} {reason}. Its log:\n{self._tail(begin)}")

    def stop(self):
        with self._commands:
            self._signal(signal.SIGTERM)
            if not self._wait(lambda: not self.running(), STOP_LIMIT):
                self.kill()
                raise LabError(f"{self.spec.name} did not stop within {STOP_LIMIT} s; killed")

    def kill(self):
        """At once, also while a start or stop is under way."""
        self._signal(signal.SIGKILL)
        self._wait(lambda: not self.running(), STOP_LIMIT)

    def running(self):
        with self._changed:
            return self._process is not None and self._status is None

    def describe(self):
        with self._changed:
            if self._process is None:
                return "not started"
            if self._status is not None:
                return describe(self._status)
            if not self._ready:
                return f"starting, pid {self._process.pid}"
            return f"ready after {self._took:.3f} s, pid {self._process.pid}"

    def pid(self):
        return self._process.pid if self.running() else None

    def ended(self, status):
        """Called by the reaper."""
        with self._changed:
            self._status = status
            self._changed.notify_all()
        if self.spec.notify:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wake:
                try:
                    wake.connect(self._notify_path())
                    wake.send(b"\n")
                except OSError:
                    pass  # nobody listens any more

    def _notify_path(self):
        return f"/run/systemd/notify.{self.spec.name}"

    def _spawn(self):
        spec = self.spec
        environment = {**_ENVIRONMENT, **spec.environment}
        notify = None
        if spec.notify:
            path = self._notify_path()
            Path(path).unlink(missing_ok=True)
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            notify.bind(path)
            os.chmod(path, 0o777)
            environment["NOTIFY_SOCKET"] = path
        identity = {}
        if spec.identity is not None:
            user, group = spec.identity
            identity = {"user": user, "group": group, "extra_groups": spec.extra_groups}
        with open(self.log, "ab") as log, self._reaper.spawning() as register:
            self._started = time.monotonic()
            self._process = subprocess.Popen(
                spec.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                cwd="/", start_new_session=True, umask=spec.umask, **identity,
            )
            with self._changed:
                self._status, self._ready = None, False
            register(self._process.pid, self)
        if notify:
            threading.Thread(target=self._listen, args=(notify, self._process), daemon=True).start()

    def _listen(self, notify, process):
        """Drains the notification socket as long as the process lives: a full one would block the sender."""
        with notify:
            while process is self._process and self.running():
                if b"READY=1" in notify.recv(65536).split(b"\n"):
                    self._is_ready()

    def _is_ready(self):
        with self._changed:
            if not self._ready:
                self._took = time.monotonic() - self._started
                self._ready = True
                self._changed.notify_all()

    def _await_ready(self, begin):
        if self.spec.notify:
            self._wait(lambda: self._ready or not self.running(), START_LIMIT)
        else:
            end = time.monotonic() + START_LIMIT
            while self.running() and time.monotonic() < end:
                if self.spec.probe(begin):
                    self._is_ready()
                    break
                time.sleep(0.02)
        return self._ready and self.running()

    def _wait(self, condition, limit):
        with self._changed:
            return self._changed.wait_for(condition, limit)

    def _signal(self, number):
        with self._changed:
            if self._process is not None and self._status is None:
                # The whole session: a launch script that did not exec must not leave its child behind.
                os.killpg(self._process.pid, number)

    def _tail(self, begin, lines=40):
        with open(self.log, "rb") as log:
            log.seek(begin)
            text = log.read().decode(errors="replace").splitlines()
        return "\n".join("  " + line for line in text[-lines:]) or "  (empty)"


class Spec:
    """name, command (argv), identity (uid, gid; None for root) and how it runs.

    probe: says whether it is ready, for one that does not notify; gets the size that its log had before.
    """

    def __init__(
        self, name, command, *, identity=None, extra_groups=(), umask=0o022, environment=None,
        notify=False, probe=None, before=(),
    ):
        self.name = name
        self.command = command
        self.identity = identity
        self.extra_groups = list(extra_groups)
        self.umask = umask
        self.environment = environment or {}
        self.notify = notify
        self.probe = probe
        self.before = before


class Reaper:
    """PID 1's duty: collects every child that ends, ours or inherited."""

    def __init__(self):
        self._lock = threading.Condition()
        self._owners = {}

    def spawning(self):
        return _Spawning(self._lock, self._owners)

    def run(self):
        """Never returns."""
        while True:
            try:
                os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            except ChildProcessError:
                with self._lock:
                    self._lock.wait(timeout=60)
                continue
            # Only while nobody is between fork and registration is it known whose child that was.
            with self._lock:
                pid, status = os.waitpid(-1, 0)
                owner = self._owners.pop(pid, None)
            if owner is not None:
                owner.ended(os.waitstatus_to_exitcode(status))


class _Spawning:
    def __init__(self, lock, owners):
        self._lock, self._owners = lock, owners

    def __enter__(self):
        self._lock.acquire()
        return self._register

    def _register(self, pid, owner):
        self._owners[pid] = owner
        self._lock.notify_all()

    def __exit__(self, *_):
        self._lock.release()


def describe(status):
    return f"exit code {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"

