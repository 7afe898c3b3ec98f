"""What the host knows of its labs: one directory each below /run/himmelblau-lab, and nothing else."""

import fcntl
import json
import os
import re
import shutil
from pathlib import Path

from . import LabError, cgroups

BASE = Path("/run/himmelblau-lab")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


class Lab:
    """The files of a lab on the host. The lab is running exactly as long as a process holds the lock."""

    def __init__(self, name):
        if not _NAME.fullmatch(name):
            raise LabError(
                f"'{name}' is not a valid name of a lab: up to 32 letters, digits, '.', '_', '-'"
            )
        self.name = name
        self.directory = BASE / name
        self.lock_file = BASE / f".{name}.lock"
        self.control = self.directory / "control"
        self.logs = self.directory / "log"
        self.filesystem = self.directory / "fs"
        self.machine = self.directory / "machine"
        self.tenant_state = self.directory / "tenant"
        self.tenant_admin = self.tenant_state / "admin"

    def claim(self):
        """Takes the lock, clears what a killed predecessor left, returns the lock's descriptor."""
        while True:
            BASE.mkdir(mode=0o700, exist_ok=True)
            try:
                lock = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except FileNotFoundError:
                continue  # BASE went away in between
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.stat(self.lock_file).st_ino != os.fstat(lock).st_ino:
                    raise FileNotFoundError
            except BlockingIOError:
                os.close(lock)
                raise LabError(
                    f"lab '{self.name}' is up already; stop it with: testing/lab down --name"
                    f" {self.name}"
                ) from None
            except FileNotFoundError:
                os.close(lock)
                continue
            break
        shutil.rmtree(self.directory, ignore_errors=True)
        cgroups.remove(self)
        for path in (self.directory, self.logs, self.filesystem, self.machine, self.tenant_state):
            path.mkdir(mode=0o700)
        return lock

    def alive(self):
        try:
            lock = os.open(self.lock_file, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def sweep(self):
        """Removes every trace; the caller holds the lock, or knows that nobody does."""
        cgroups.remove(self)
        shutil.rmtree(self.directory, ignore_errors=True)
        self.lock_file.unlink(missing_ok=True)
        try:
            BASE.rmdir()
        except OSError:
            pass  # other labs

    def write_facts(self, **facts):
        target = self.directory / "facts.json"
        partial = target.with_suffix(".new")
        partial.write_text(json.dumps(facts))
        partial.rename(target)

    def facts(self):
        """Process ids and paths of a lab that is up."""
        if self.alive():
            try:
                facts = json.loads((self.directory / "facts.json").read_text())
            except FileNotFoundError:
                facts = {}
            if "init" in facts:
                return facts
            raise LabError(f"lab '{self.name}' is still starting or stopping")
        if self.lock_file.exists():
            self.sweep()
        raise LabError(
            f"lab '{self.name}' is not up; start it with: testing/lab up --name {self.name}"
        )


def all_labs():
    """Running labs; removes what killed ones left."""
    found = []
    if BASE.is_dir():
        for lock_file in sorted(BASE.glob(".*.lock")):
            lab = Lab(lock_file.name[1:-len(".lock")])
            if lab.alive():
                found.append(lab)
            else:
                lab.sweep()
    return found
