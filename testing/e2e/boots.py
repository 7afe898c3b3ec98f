"""How long a host takes to multi-user.target, with us and as if we were not there, and a clock that is wrong for its services."""

import contextlib
import json
import os
import re
import subprocess
import time
from pathlib import Path

UNITS = "himmelblaud.service himmelblaud-tasks.path himmelblaud-tasks.service himmelblau-userdb.service"
GENERATOR = "/usr/lib/systemd/system-generators/himmelblau-generator"
# The same host with our units masked and our entries taken out of nsswitch.conf and PAM, and back.
WITHOUT = (
    f"cp -p /etc/nsswitch.conf /root/; cp -pr /etc/pam.d /root/; for unit in {UNITS}; do ln -sf /dev/null /etc/systemd/system/$unit; done; "
    f"chmod -x {GENERATOR}; sed -i 's/ himmelblau//' /etc/nsswitch.conf; sed -i '/pam_himmelblau/d' /etc/pam.d/*"
)
WITH = f"cp -p /root/nsswitch.conf /etc/; cp -pr /root/pam.d /etc/; for unit in {UNITS}; do rm /etc/systemd/system/$unit; done; chmod +x {GENERATOR}"

_CPU = Path("/sys/fs/cgroup/cpu")
_CLOCK, _OFFSET = "/usr/local/lib/wrong-clock.so", "/etc/wrong-clock"
_CLOCK_FOR_ALL = "/etc/systemd/system.conf.d/50-wrong-clock.conf"


def seconds_of_a_boot(running_lab):
    """One boot, from systemd's start to multi-user.target, as systemd itself says."""
    before = _facts(running_lab)
    running_lab.run("systemctl", "reboot")  # it may itself be ended by the shutdown that it asks for
    script = (
        "systemctl is-active --quiet multi-user.target && systemctl show --property=ActiveEnterTimestampMonotonic multi-user.target; "
        "systemctl show --property=UserspaceTimestampMonotonic"
    )
    end = time.monotonic() + 90
    while time.monotonic() < end:
        done = running_lab.run("sh", "-c", script) if _facts(running_lab) != before else None
        if done and (match := re.search(r"ActiveEnterTimestampMonotonic=([1-9]\d*)", done.stdout)):
            begin = re.search(r"UserspaceTimestampMonotonic=(\d+)", done.stdout)
            return (int(match[1]) - int(begin[1])) / 1e6
        time.sleep(0.05)
    raise AssertionError(f"no multi-user.target after 90 s; jobs: {running_lab.run('systemctl', '--no-pager', 'list-jobs').stdout}")


def compare(running_lab, enough, least, most):
    """The times of boots with us and without, in turns: `least` of each, and more until the ratio of the shortest is enough, or `most`.

    What else the machine does makes single boots longer, never shorter; a wait of ours would be in each of them. A machine that
    is busy all the time has no short boot, and what it does changes from one to the next: so the host goes before all else.
    """
    times = {True: [], False: []}
    with first_in_line(running_lab):
        while len(times[True]) < most:
            for ours in (False, True):
                running_lab.out("sh", "-ec", "true" if ours else WITHOUT)
                try:
                    times[ours].append(seconds_of_a_boot(running_lab))
                finally:
                    running_lab.out("sh", "-ec", "true" if ours else WITH)
            if len(times[True]) >= least and min(times[True]) <= enough * min(times[False]):
                break
    return times[True], times[False]


@contextlib.contextmanager
def first_in_line(running_lab):
    """Meanwhile the processes of the host get the processor before the others of this machine, where its kernel has the control group for that.

    The host has two processors all the time, whatever the machine does: the bound is the same, but what is measured is the host.
    """
    first = json.loads(_facts(running_lab))["first"]
    group = _CPU / f"first-{running_lab.name}"
    if not (_CPU / "cpu.shares").exists():
        yield
        return
    group.mkdir(exist_ok=True)
    (group / "cpu.shares").write_text("262144", encoding="ascii")  # the kernel's most; a session has 1024
    (group / "cgroup.procs").write_text(str(first), encoding="ascii")  # the keeper: what it starts from now on, with the next boot the host
    try:
        yield
    finally:
        for pid in (group / "cgroup.procs").read_text(encoding="ascii").split():
            with contextlib.suppress(OSError):  # it ended
                (_CPU / "cgroup.procs").write_text(pid, encoding="ascii")
        with contextlib.suppress(OSError):  # a child of one of them came just now; an empty group is no harm
            os.rmdir(group)


def wrong_clock(running_lab, tmp_path, seconds):
    """From the next boot on all services see a clock that is off; the kernel's own is the build machine's and stays right."""
    library = tmp_path / Path(_CLOCK).name
    subprocess.run(["cc", "-std=c17", "-O2", "-shared", "-fPIC", "-o", library, Path(__file__).with_name("wrong_clock.c")], check=True)
    running_lab.put(library, "/usr/local/lib")
    running_lab.write(_CLOCK_FOR_ALL, f"[Manager]\nDefaultEnvironment=LD_PRELOAD={_CLOCK}\n")
    set_clock(running_lab, seconds)


def set_clock(running_lab, seconds):
    """As NTP does it: at once for everybody, 0 for the right time. Written in place, for it is mapped."""
    script = 'test -e "$2" || head -c 8 /dev/zero >"$2"; python3 -c "import struct, sys; open(sys.argv[2], \'r+b\').write(struct.pack(\'=q\', int(sys.argv[1])))" "$1" "$2"'
    running_lab.out("sh", "-ec", script, "clock", seconds, _OFFSET)


def right_clock(running_lab):
    running_lab.out("rm", "-f", _CLOCK_FOR_ALL)


def _facts(running_lab):
    return Path(f"/run/himmelblau-lab/{running_lab.name}/facts.json").read_text(encoding="utf-8")
