"""The few system calls that Python's standard library does not have (or only in later versions)."""

import ctypes
import fcntl
import os
import socket
import struct

from . import LabError

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

_PR_SET_PDEATHSIG = 1
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


def _check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags):
    """Leaves the namespaces in flags for new ones (the PID namespace counts for children only)."""
    try:
        _check(_libc.unshare(flags), "new namespaces")
    except PermissionError as error:
        raise LabError(
            "the kernel refuses new namespaces here (no CAP_SYS_ADMIN); in a container, start it"
            " privileged"
        ) from error


def setns(fd, kind=0):
    _check(_libc.setns(fd, kind), "enter namespace")


def mount(source, target, kind=None, flags=0, options=None):
    def text(value):
        return None if value is None else os.fsencode(value)

    _check(
        _libc.mount(
            text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)
        ),
        f"mount {kind or source} on {target}",
    )


def die_with_parent(signal_number):
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0), "prctl")


def private_mounts():
    """Moves the caller into a mount namespace from which nothing propagates back."""
    unshare(CLONE_NEWNS)
    # In a plain chroot "/" is no mount point. Entering our own mount namespace again puts us at its real root,
    # where propagation can be cut; then we go back to where we were.
    root = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    namespace = os.open("/proc/self/ns/mnt", os.O_RDONLY)
    try:
        setns(namespace, CLONE_NEWNS)
        mount(None, "/", None, MS_PRIVATE | MS_REC)
        os.fchdir(root)
        os.chroot(".")
    finally:
        os.close(namespace)
        os.close(root)
    os.chdir("/")


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
