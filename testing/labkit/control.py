"""What the command line asks of a lab as a whole: come up, go down, boot again, and the devices beside its host."""

import json
import os
import select
import signal
import socket
import time

from . import LabError, services
from .guardian import guard

BOOT_LIMIT = 90


def bring_up(lab, plan, lower):
    """Returns when the lab is ready, or raises and leaves nothing. lower: the root to stand on; the lab's processes inherit its lock."""
    # Nothing may come between taking the place and having somebody who gives it back.
    signals = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        lock = lab.claim()
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        raise
    answers, answer = os.pipe()
    leash, hold = os.pipe()
    guardian = os.fork()
    if guardian == 0:
        os.close(answers)
        os.close(hold)
        guard(lab, plan, lower, answer, leash)
    os.close(answer)
    os.close(leash)
    os.close(lock)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        _await_ready(answers)
        services.await_all(lab)
        os.write(hold, b"k")
    except BaseException:
        os.close(hold)
        os.waitpid(guardian, 0)
        raise
    os.close(hold)


def _await_ready(answers):
    end = time.monotonic() + BOOT_LIMIT
    rest = b""
    while True:
        if not select.select([answers], [], [], max(0, end - time.monotonic()))[0]:
            raise LabError(f"the host has not booted within {BOOT_LIMIT} s")
        data = os.read(answers, 65536)
        *lines, rest = (rest + data).split(b"\n")
        for line in map(json.loads, lines):
            if "error" in line:
                raise LabError(line["error"])
            if line.get("ready"):
                return
        if not data:
            raise LabError("the lab's guardian died; no reason given")


def bring_down(lab):
    """Ends everything inside and waits until the guardian has cleaned up."""
    facts = lab.facts()
    try:
        guardian = os.pidfd_open(facts["guardian"])
    except ProcessLookupError:
        guardian = None
    try:
        os.kill(facts["first"], signal.SIGKILL)
    except ProcessLookupError:
        pass
    if guardian is not None:
        poll = select.poll()
        poll.register(guardian, select.POLLIN)
        if not poll.poll(30_000):
            raise LabError(f"lab '{lab.name}' does not end: guardian {facts['guardian']} is stuck")
        os.close(guardian)
    if not lab.alive():
        lab.sweep()


def reboot(lab):
    """As `systemctl reboot` does; returns when the host is up again. The tenant and the TPM stay."""
    before = lab.facts()["boots"]
    services.systemctl(lab, "reboot")
    end = time.monotonic() + BOOT_LIMIT
    while lab.facts()["boots"] == before or not services.booted(lab):
        if time.monotonic() > end:
            raise LabError(f"lab '{lab.name}' has not booted again within {BOOT_LIMIT} s")
        time.sleep(0.05)
    services.await_all(lab)


def ask(lab, action, device=None, **more):
    """One request to a lab's keeper."""
    lab.facts()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(lab.control))
        with connection.makefile("rw") as stream:
            stream.write(json.dumps({"do": action, "device": device, **more}) + "\n")
            stream.flush()
            reply = json.loads(stream.readline() or '{"error": "the lab ended"}')
    if "error" in reply:
        raise LabError(reply["error"])
    return reply
