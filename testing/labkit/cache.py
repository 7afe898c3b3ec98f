"""What labs share and what is made once: directories below /var/cache/himmelblau-lab, each complete or not there."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import LabError, linux

CACHE = Path(os.environ.get("HIMMELBLAU_LAB_CACHE", "/var/cache/himmelblau-lab"))


def say(text):
    print(f"lab: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def made(kind, name, make):
    """Yields the directory; makes it with make(unfinished) when it is not there. While it is in use nobody removes it.

    Several who want the same one wait for the one that makes it; a maker that was killed leaves nothing that is used.
    """
    folder = CACHE / kind
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    wanted = folder / name
    with locked(folder / f".{name}.lock", fcntl.LOCK_SH) as lock:
        if not wanted.exists():
            fcntl.flock(lock, fcntl.LOCK_UN)
            with locked(folder / f".{name}.make", fcntl.LOCK_EX):
                if not wanted.exists():
                    unfinished = folder / f".{name}.new"
                    shutil.rmtree(unfinished, ignore_errors=True)
                    try:
                        make(unfinished)
                        os.sync()
                        unfinished.rename(wanted)
                    finally:
                        shutil.rmtree(unfinished, ignore_errors=True)
            fcntl.flock(lock, fcntl.LOCK_SH)
        os.utime(wanted)
        yield wanted


def forget_old(kind, keep):
    """Removes what has not been used for longest, unless a lab uses it."""
    folder = CACHE / kind
    found = sorted(
        (path for path in folder.glob("[!.]*") if path.is_dir()), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in found[keep:]:
        lock_file = folder / f".{path.name}.lock"
        with open(lock_file, "a", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            gone = folder / f".{path.name}.old"
            path.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)


@contextlib.contextmanager
def locked(path, how=fcntl.LOCK_EX):
    # Not inherited by what is started meanwhile, but by fork: a lab's guardian keeps it as long as the lab lives.
    with open(path, "a", encoding="ascii") as lock:
        fcntl.flock(lock, how)
        yield lock


def run(command, progress=None, **options):
    """A command whose mounts are its own and which ends with us. progress(line): gets each line of its output."""
    tail = []
    with subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=_on_its_own, text=True, errors="replace", **options,
    ) as process:
        for line in process.stdout:
            tail = [*tail[-29:], line.rstrip()]
            if progress:
                progress(line.rstrip())
    if process.returncode != 0:
        shown = "\n".join("  " + line for line in tail)
        raise LabError(f"{command[0]} failed with exit code {process.returncode}:\n{shown}")


def _on_its_own():
    linux.die_with_parent(15)
    linux.private_mounts()
