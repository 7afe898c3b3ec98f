"""Control groups of a lab: one of its own in each tree that systemd uses, or two hosts would disturb one another.

A machine with systemd gives us a delegated scope. On any other one we make the directories; there may be the unified tree alone, or beside
the old ones (a "hybrid" machine), where systemd also wants its named tree.
"""

import os
import subprocess
import time
from pathlib import Path

from . import LabError

_BASE = Path("/sys/fs/cgroup")


def _trees():
    """{kind: mount point} of the unified tree and, on a hybrid machine, of systemd's named one."""
    found = {}
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        for line in table:
            before, _, after = line.partition(" - ")
            place, (kind, _, options) = before.split(" ")[4], after.split()[:3]
            if kind == "cgroup2":
                found.setdefault("unified", Path(place))
            elif kind == "cgroup" and "name=systemd" in options.split(","):
                found.setdefault("named", Path(place))
    return found


def name_of(lab):
    return f"himmelblau-lab-{lab.name}"


def claim(lab):
    """Called by the guardian on the host. Returns the groups that the booted host shall start in, one for each tree."""
    trees = _trees()
    if "unified" not in trees:
        raise LabError(f"no unified control group tree (cgroup2) below {_BASE}: systemd in a lab needs one")
    if Path("/run/systemd/system").is_dir():
        groups = [trees["unified"] / _scope(lab)]
    else:
        groups = [tree / name_of(lab) for tree in trees.values()]
    hosts = []
    for group in groups:
        try:
            (group / "host").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LabError(f"cannot make the control group {group}: {error.strerror}") from error
        hosts.append(group / "host")
    return hosts


def _scope(lab):
    """Moves the caller into a scope of its own, of which systemd leaves the inside to us; its path in the tree."""
    scope = name_of(lab) + ".scope"
    words = [
        "busctl", "--quiet", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
        "StartTransientUnit", "ssa(sv)a(sa(sv))", scope, "fail", "3", "Delegate", "b", "true", "CollectMode", "s", "inactive-or-failed",
        "PIDs", "au", "1", str(os.getpid()), "0",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise LabError(f"systemd gives no control group: {done.stderr.strip()}")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        path = of_process("self")
        if path.endswith(scope):
            # A group with groups below it that have controllers may have no processes itself.
            own = _trees()["unified"] / path.lstrip("/") / "guardian"
            own.mkdir()
            (own / "cgroup.procs").write_text("0", encoding="ascii")
            return path.lstrip("/")
        time.sleep(0.01)
    raise LabError(f"systemd did not put us into {scope}")


def of_process(pid):
    """The group in the unified tree."""
    with open(f"/proc/{pid}/cgroup", encoding="utf-8") as lines:
        return next(line.strip()[3:] for line in lines if line.startswith("0::"))


def enter(groups):
    for group in groups:
        (group / "cgroup.procs").write_text("0", encoding="ascii")


def join_host(init):
    """Puts the caller into the booted host's own tree, beside what its systemd runs, as a process that nobody started there."""
    path = of_process(init)
    if not path.endswith("/init.scope"):
        return
    group = _trees()["unified"] / path.removesuffix("/init.scope").lstrip("/") / "entered"
    group.mkdir(exist_ok=True)
    (group / "cgroup.procs").write_text("0", encoding="ascii")


def remove(lab):
    """What a lab without systemd's help made; waits a moment for the last process to be gone."""
    for tree in _trees().values():
        group = tree / name_of(lab)
        for _ in range(100):
            if not group.exists():
                break
            for folder, _, _ in os.walk(group, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass
            if group.exists():
                time.sleep(0.02)
