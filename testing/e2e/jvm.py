"""What the daemon's JVM keeps, as jcmd of the build machine's JDK shows it. The image forbids that to anybody; allow_attach permits it in a lab."""

import collections
import json
import os
import re
import subprocess
from pathlib import Path

from running_lab import ROOT

DROP_IN = "/etc/systemd/system/himmelblaud.service.d/attach.conf"
LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader"
# The JVM's own, which come and go with the load: carriers of virtual threads, compilers, timers.
OF_THE_JVM = re.compile(r"ForkJoinPool|VirtualThread-|C[12] CompilerThread|Attach Listener|.*process reaper|Common-Cleaner|Cleaner-|.*Poller|^$")


def allow_attach(lab):
    lab.write(DROP_IN, "[Service]\nEnvironment=HIMMELBLAU_JVM_OPTIONS=-XX:-DisableAttachMechanism\n")
    lab.out("systemctl", "daemon-reload")
    lab.restart()
    lab.await_daemon()


class Jvm:
    """That of the daemon that runs now."""

    def __init__(self, lab):
        home = subprocess.run([ROOT / "runtime/image/find-jdk"], capture_output=True, text=True, check=True).stdout.strip()
        self._jcmd = f"{home}/bin/jcmd"
        self._pid = outside(lab, lab.daemon_pid())

    def jcmd(self, *words):
        done = subprocess.run([self._jcmd, str(self._pid), *words], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def loaders(self):
        """Class loaders of bundles that are reachable after a full collection."""
        for line in self.jcmd("GC.class_histogram").splitlines():
            words = line.split()
            if len(words) >= 4 and words[3] == LOADER:
                return int(words[1])
        return 0

    def threads(self):
        """How many of each name there are, numbers in names aside; virtual ones too, those of the JVM not."""
        file = "/tmp/threads"
        self.jcmd("Thread.dump_to_file", "-overwrite", file)
        text = Path(f"/proc/{self._pid}/root{file}").read_text(encoding="utf-8")
        names = re.findall(r'^#\d+ "(.*?)"', text, re.MULTILINE)
        return collections.Counter(re.sub(r"[0-9a-f]{8}|\d+", "#", name) for name in names if not OF_THE_JVM.match(name))


def outside(lab, pid):
    """The number that a process of the lab has on the build machine."""
    init = json.loads(Path(f"/run/himmelblau-lab/{lab.name}/facts.json").read_text(encoding="utf-8"))["init"]
    space = os.readlink(f"/proc/{init}/ns/pid")
    for each in Path("/proc").glob("[0-9]*"):
        try:
            numbers = re.search(r"^NSpid:(.*)$", (each / "status").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
            if numbers[-1] == str(pid) and os.readlink(each / "ns/pid") == space:
                return int(each.name)
        except OSError:
            continue  # it has ended
    raise AssertionError(f"no process {pid}")
