"""The services of a lab's host, as its own systemd and journal know them."""

import signal

from . import LabError, enter

UNITS = {
    "daemon": "himmelblaud.service", "tasks": "himmelblaud-tasks.service", "userdb": "himmelblau-userdb.service", "sshd": "ssh.service",
}
_FIELDS = (
    "ActiveState", "SubState", "MainPID", "Result", "ExecMainCode", "ExecMainStatus", "ExecMainStartTimestampMonotonic",
    "InactiveExitTimestampMonotonic", "ActiveEnterTimestampMonotonic",
)
# sshd writes to the system log only, from several programs since OpenSSH 9.8.
_JOURNAL = {
    **{part: ("-u", unit) for part, unit in UNITS.items()},
    "sshd": ("-t", "sshd", "-t", "sshd-session", "-t", "sshd-auth"),
    "syslog": ("_TRANSPORT=syslog",),
}
_EXITED, _KILLED, _DUMPED = "1", "2", "3"


def systemctl(lab, *words):
    done = enter.capture(lab, "systemctl", "--no-pager", *words)
    if done.returncode != 0:
        raise LabError(f"systemctl {' '.join(words)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def perform(lab, action, name):
    """start, stop, restart or kill; returns when that is done and the service is ready."""
    unit = UNITS[name]
    if action == "kill":
        # systemd would start it again; a stop in between says that it shall not.
        enter.capture(lab, "systemctl", "kill", "--signal=KILL", unit)
        systemctl(lab, "stop", unit)
        return
    if action == "stop":
        # Not by `stop` alone: the daemon's unit asks for its helper whenever that is not there.
        systemctl(lab, *(("mask", "--runtime", "--now") if name == "tasks" else ("stop",)), unit)
        return
    if name == "tasks":
        systemctl(lab, "unmask", "--runtime", unit)
    enter.capture(lab, "systemctl", "reset-failed", unit)
    done = enter.capture(lab, "systemctl", action, unit)
    if done.returncode != 0:
        raise LabError(_why(lab, name))


def await_all(lab):
    """Until each service is up, for no boot waits for ours; LabError says why one is not."""
    enter.capture(lab, "systemctl", "start", *UNITS.values())
    for name, state in _states(lab).items():
        if state["ActiveState"] != "active":
            raise LabError(_why(lab, name))


def booted(lab):
    """Whether the host has finished booting, well or not."""
    try:
        return enter.capture(lab, "systemctl", "is-system-running").stdout.strip() in ("running", "degraded")
    except (OSError, LabError):
        return False  # it is just ending, or just beginning


def status(lab):
    """{service: one line}; the process id is the one that processes inside see."""
    return {name: _describe(state) for name, state in _states(lab).items()}


def journal(lab, part):
    """The messages of one service, or of all that wrote to the system log; bytes, one line each."""
    enter.capture(lab, "journalctl", "--sync")
    form = "short" if part == "syslog" else "cat"
    return enter.capture(lab, "journalctl", "--no-pager", "--quiet", "--all", "--output", form, *_JOURNAL[part], text=False).stdout


def _why(lab, name):
    lines = journal(lab, name).decode(errors="replace").splitlines()
    text = "\n".join("  " + line for line in lines[-40:]) or "  (empty)"
    return f"{name} is not up ({_describe(_states(lab)[name])}). Its log:\n{text}"


def _states(lab):
    blocks = systemctl(lab, "show", "--property", ",".join(("Id", *_FIELDS)), *UNITS.values()).split("\n\n")
    found = [dict(line.split("=", 1) for line in block.strip().splitlines()) for block in blocks]
    return dict(zip(UNITS, found, strict=True))


def _describe(state):
    if state["ActiveState"] == "active":
        took = (int(state["ActiveEnterTimestampMonotonic"]) - int(state["InactiveExitTimestampMonotonic"])) / 1e6
        return f"ready after {took:.3f} s, pid {state['MainPID']}"
    if state["ActiveState"] == "activating" and state["MainPID"] != "0":
        return f"starting, pid {state['MainPID']}"
    if state["ExecMainCode"] == _EXITED:
        return f"exit code {state['ExecMainStatus']}"
    if state["ExecMainCode"] in (_KILLED, _DUMPED):
        return f"killed by {signal.Signals(int(state['ExecMainStatus'])).name}"
    return f"{state['ActiveState']}, {state['Result']}"
