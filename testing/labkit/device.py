"""One process beside the host that the host takes for another machine or a device: start until ready, stop, kill."""

import signal
import subprocess
import threading
import time

from . import LabError

START_LIMIT = 60
STOP_LIMIT = 20


class Device:
    """command: argv. ready(): whether it can be used. Thread-safe: requests wait for each other."""

    def __init__(self, name, command, log_directory, ready):
        self.name = name
        self._command = [str(word) for word in command]
        self._log = log_directory / f"{name}.log"
        self._ready = ready
        self._lock = threading.RLock()
        self._process = None

    def start(self):
        with self._lock:
            if self._running():
                return
            with open(self._log, "ab") as log:
                begin = log.tell()
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                )
            end = time.monotonic() + START_LIMIT
            while not self._ready():
                if not self._running() or time.monotonic() > end:
                    said = self._log.read_bytes()[begin:].decode(errors="replace")
                    state = self.describe()
                    self.kill()
                    raise LabError(f"the {self.name} does not start ({state}). Its log:\n{said}")
                time.sleep(0.02)

    def stop(self):
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def describe(self):
        if self._process is None:
            return "not started"
        code = self._process.poll()
        if code is None:
            return "running"
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    def _running(self):
        return self._process is not None and self._process.poll() is None

    def _end(self, number):
        with self._lock:
            if not self._running():
                return
            self._process.send_signal(number)
            try:
                self._process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise LabError(f"the {self.name} did not stop within {STOP_LIMIT} s; killed") from None
