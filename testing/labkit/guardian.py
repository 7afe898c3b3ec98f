"""The two processes of a lab on the build machine: its guardian, and the first process of the namespaces it holds.

In those namespaces (processes, network, mounts) run systemd-nspawn with the booted host, and the other machines that it knows: the tenant
and the TPM. When the first process ends, the kernel ends all of it and the mounts go; the guardian then removes what is left.
"""

import json
import os
import select
import signal
import socket

from . import LabError, cgroups, linux
from .keeper import keep


def guard(lab, plan, lower, answer, leash):
    """Becomes the guardian. leash: `up` writes a byte when it knows that the lab is ready; when it goes away before, the lab goes too."""
    os.setsid()
    os.umask(0o022)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    log = os.open(lab.logs / "lab.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.chdir("/")
    try:
        groups = cgroups.claim(lab)
        reports, report = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        linux.unshare(linux.CLONE_NEWPID | linux.CLONE_NEWNET)
        first = os.fork()
        if first == 0:
            os.close(leash)
            os.close(answer)
            reports.close()
            keep(lab, plan, lower, groups, report)
        report.close()
        lab.write_facts(first=first, guardian=os.getpid(), repository=str(plan.repository))
        signal.signal(signal.SIGTERM, lambda *_: os.kill(first, signal.SIGKILL))
        _watch(lab, plan, first, reports, answer, leash)
        os.waitpid(first, 0)
    except (LabError, OSError) as error:
        _tell(answer, error=str(error))
    finally:
        lab.sweep()
        os._exit(0)


def _watch(lab, plan, first, reports, answer, leash):
    """Until the first process has ended. Each boot of the host is reported anew: `exec` enters by its systemd's process id."""
    ended = os.pidfd_open(first)
    poll = select.poll()
    for descriptor in (ended, reports.fileno(), leash):
        poll.register(descriptor, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if reports.fileno() in ready and not _report(lab, plan, first, reports, answer):
            poll.unregister(reports)
        if leash in ready:
            poll.unregister(leash)
            if os.read(leash, 1) != b"k":
                os.kill(first, signal.SIGKILL)
        if ended in ready:
            _tell(answer, error="the lab ended; the reason may be in its log, or in this machine's")
            return


def _report(lab, plan, first, reports, answer):
    message, descriptors, _, _ = socket.recv_fds(reports, 65536, 1)
    if not message:
        return False
    content = json.loads(message)
    if descriptors:
        lab.write_facts(
            init=_pid(descriptors[0]), first=first, guardian=os.getpid(), repository=str(plan.repository), release=plan.release,
            boots=content["boots"],
        )
        os.close(descriptors[0])
    _tell(answer, **content)
    return True


def _pid(process):
    """Of a pidfd, as this process sees it."""
    with open(f"/proc/self/fdinfo/{process}", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))


def _tell(answer, **message):
    try:
        os.write(answer, json.dumps(message).encode() + b"\n")
    except OSError:
        pass  # whoever asked has gone
