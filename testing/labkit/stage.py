"""The lab's own view of the file system. Everything here is seen by the lab's processes only."""

import os
import stat
from pathlib import Path

from . import linux

# What a sign-in, a package or a test may write to. The rest is the host's, as it is.
OVERLAID = ("/etc", "/var", "/home", "/root", "/usr", "/tmp")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def build(lab, repository):
    """Moves the caller into the lab's own mount namespace."""
    linux.private_mounts()
    backing = lab.filesystem
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    linux.mount("lab", backing, "tmpfs", linux.MS_NODEV, "mode=0755")
    live_repository = os.open(repository, os.O_PATH | os.O_DIRECTORY)
    state = os.open(lab.directory, os.O_PATH | os.O_DIRECTORY)
    _overlay_all(backing)
    if any(str(repository).startswith(top + "/") for top in OVERLAID):
        linux.mount(_by_descriptor(live_repository), repository, None, linux.MS_BIND | linux.MS_REC)
    os.close(live_repository)
    _devices(backing)
    _run()
    # The lab's place on the host (logs, the tenant's files) has the same path inside.
    lab.directory.mkdir(parents=True, mode=0o700)
    linux.mount(_by_descriptor(state), lab.directory, None, linux.MS_BIND)
    os.close(state)


def overlay(lower, target, backing, name):
    """Lays a writable, private layer over lower and shows both at target."""
    upper, work = Path(backing, name, "upper"), Path(backing, name, "work")
    for path in (upper, work):
        path.mkdir(parents=True)
    of_lower = os.stat(lower)
    os.chown(upper, of_lower.st_uid, of_lower.st_gid)
    os.chmod(upper, stat.S_IMODE(of_lower.st_mode))
    linux.mount("lab", target, "overlay", 0, f"lowerdir={lower},upperdir={upper},workdir={work}")


def _overlay_all(backing):
    # An overlay hides what is mounted further down, so each of those gets one too, outer ones first. The
    # descriptors are taken before anything is hidden.
    wanted = sorted({*filter(os.path.isdir, OVERLAID), *_mounts_below(OVERLAID)})
    lower = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in wanted}
    for number, (path, descriptor) in enumerate(lower.items()):
        if os.path.isdir(path):
            overlay(_by_descriptor(descriptor), path, backing, f"layer{number}")
        os.close(descriptor)


def _mounts_below(tops):
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        for line in table:
            path = line.split(" ")[4].encode().decode("unicode_escape")
            if any(path.startswith(top + "/") for top in tops) and os.path.isdir(path):
                if os.access(path, os.R_OK) and "/proc" not in path and "/sys" not in path:
                    yield path


def _by_descriptor(descriptor):
    return f"/proc/self/fd/{descriptor}"


def _devices(backing):
    """A small /dev: no disks, no TPM, terminals of its own."""
    new = Path(backing, "dev")
    new.mkdir()
    for name in _DEVICES:
        (new / name).touch()
        linux.mount(f"/dev/{name}", new / name, None, linux.MS_BIND)
    for name, target in (
        ("ptmx", "pts/ptmx"),
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ):
        (new / name).symlink_to(target)
    (new / "pts").mkdir()
    (new / "shm").mkdir()
    linux.mount(
        "devpts", new / "pts", "devpts", linux.MS_NOSUID | linux.MS_NOEXEC,
        "newinstance,ptmxmode=0666,mode=0620,gid=5",
    )
    linux.mount(
        "lab", new / "shm", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=1777"
    )
    linux.mount(new, "/dev", None, linux.MS_BIND | linux.MS_REC)


def _run():
    linux.mount("lab", "/run", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=0755")
    for path, mode in (
        ("/run/lock", 0o1777),
        ("/run/user", 0o755),
        ("/run/sshd", 0o755),
        ("/run/systemd", 0o755),
        ("/run/himmelblau", 0o755),
    ):
        os.mkdir(path)
        os.chmod(path, mode)
    Path("/run/utmp").touch(0o664)
