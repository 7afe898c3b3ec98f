"""The machine, its TPM and the tenant, in namespaces of their own: when the process that holds them ends, all of them do."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from labkit import LabError, linux
from labkit.device import Device
from labkit.keeper import _listens

# Plain emulation: what takes a second elsewhere takes ten here, and more beside other work.
BOOT_LIMIT = 1200
HALT_LIMIT = 400
_LSM = {
    "apparmor": "security=apparmor apparmor=1",
    "selinux": "security=selinux selinux=1 enforcing=1",
    "permissive": "security=selinux selinux=1 enforcing=0",
}
LSMS = tuple(_LSM)
# Beside other work the machine may stand still for seconds, which neither the kernel's check of its timer nor systemd's limits expect.
_PATIENT = (
    "no_timer_check panic=1 mitigations=off systemd.show_status=0"
    " systemd.default_timeout_start_sec=900 systemd.default_device_timeout_sec=900"
)
_PORT = 2222
_COMMON = ("-F", "/dev/null", "-p", str(_PORT), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR")


class Guest:
    def __init__(self, place, disk, repository, lsm):
        """place: an empty directory of this machine's own."""
        self.place, self.disk, self.lsm, self.repository = place, disk, lsm, repository
        self.console = place / "console.log"
        self._machine = self._tpm = None
        self.admin = place / "tenant.sock"
        for name in ("tenant", "tpm"):
            (place / name).mkdir()
        for name in ("ca.key", "ca.pem", "key"):
            shutil.copy(disk / name, place / "tenant")
        linux.loopback_up()
        subprocess.run(
            ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", disk / "disk.img", place / "disk.qcow2"], check=True, stdin=subprocess.DEVNULL,
        )
        self._tenant = Device(
            "tenant",
            [repository / "testing/tenant/run", "--listen", "127.0.0.1:443", "--admin", self.admin, "--ca-dir", place / "tenant"],
            place, lambda: _listens(443) and self.admin.exists(),
        )
        self._tenant.start()

    # --- power --------------------------------------------------------------------------------

    def boot(self):
        """Until users can sign in; seconds."""
        begin = time.monotonic()
        self._start()
        self._until_up()
        return time.monotonic() - begin

    def reboot(self):
        begin, before = time.monotonic(), self.out("cat /proc/sys/kernel/random/boot_id")
        self._leave()
        self.run("systemctl reboot")
        self._leave()
        self._until_up(before)
        return time.monotonic() - begin

    def power_off(self):
        self.run("systemctl poweroff")
        self._leave()
        try:
            self._machine.wait(HALT_LIMIT)
            self._tpm.wait(20)
        except subprocess.TimeoutExpired:
            raise LabError(f"the machine did not power off within {HALT_LIMIT} s\n{self.said()}") from None

    def suspend(self, seconds):
        """To memory (S3), until its clock wakes it."""
        slept = "journalctl -b -k -o cat | grep -c 'PM: suspend exit' || true"
        before = self.out(slept)
        self.out(f"systemd-run -q --collect sh -c 'sleep 2; rtcwake -m mem -s {seconds}'")
        self._leave()
        _until(lambda: self.run(slept, timeout=60).stdout.strip() not in ("", before), HALT_LIMIT, lambda: f"the machine does not wake up\n{self.said()}")

    def clear_tpm(self):
        """Replaces the TPM, as after a clear in the firmware: none of the old keys is left. While the machine is off."""
        shutil.rmtree(self.place / "tpm")
        (self.place / "tpm").mkdir()

    def wait(self):
        """Until it is powered off from inside."""
        self._machine.wait()

    def _start(self):
        tpm = self.place / "tpm"
        self._tpm = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={tpm}", "--ctrl", f"type=unixio,path={tpm}/sock", "--terminate"],
            stdin=subprocess.DEVNULL,
        )
        _until((tpm / "sock").exists, 20, "swtpm does not start")
        self._machine = subprocess.Popen(
            [
                "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-M", "q35", "-m", "1536",
                "-display", "none", "-monitor", "none", "-serial", f"file:{self.console}",
                "-serial", f"unix:{self.place}/terminal,server=on,wait=off",
                "-kernel", self.disk / "vmlinuz", "-initrd", self.disk / "initrd.img",
                "-append", f"root=/dev/vda rw console=ttyS0 loglevel=5 {_PATIENT} {_LSM[self.lsm]}",
                "-drive", f"file={self.place}/disk.qcow2,if=virtio,format=qcow2,cache=unsafe",
                "-nic", f"user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:{_PORT}-:22", "-device", "virtio-rng-pci",
                "-chardev", f"socket,id=chip,path={tpm}/sock", "-tpmdev", "emulator,id=tpm,chardev=chip", "-device", "tpm-tis,tpmdev=tpm",
            ],
            stdin=subprocess.DEVNULL,
        )

    def _until_up(self, before=None):
        def up():
            if self._machine.poll() is not None:
                raise LabError(f"qemu ended with exit code {self._machine.returncode}\n{self.said()}")
            done = self.run("cat /proc/sys/kernel/random/boot_id", timeout=60)
            return done.returncode == 0 and done.stdout.strip() != before

        _until(up, BOOT_LIMIT, lambda: f"nobody can sign in\n{self.said()}")
        _until(lambda: self.run("systemctl is-active himmelblaud himmelblau-userdb").stdout.split() == ["active"] * 2, BOOT_LIMIT, self._why)

    def _why(self):
        return "himmelblaud does not start\n" + self.run("systemctl status himmelblaud; journalctl -b -u himmelblaud | tail -n 40").stdout

    def said(self):
        """The end of what came over the serial line."""
        return self.console.read_text(errors="replace")[-3000:] if self.console.exists() else ""

    def _leave(self):
        subprocess.run(["ssh", "-O", "exit", *self._root()[1:]], capture_output=True, check=False, timeout=30)

    # --- commands -----------------------------------------------------------------------------

    def _root(self):
        place = self.place
        return [
            "ssh", *_COMMON, "-i", f"{place}/tenant/key", "-o", "BatchMode=yes", "-o", "ConnectTimeout=50", "-o", "ServerAliveInterval=30",
            "-o", f"ControlPath={place}/ssh", "-o", "ControlMaster=auto", "-o", "ControlPersist=yes", "root@127.0.0.1",
        ]

    def command(self, words):
        return [*self._root(), words]

    def at_machine(self):
        """The terminal of who sits at it: a getty waits at the second serial line. One at a time."""
        return [sys.executable, "-IB", Path(__file__).parent / "serial.py", self.place / "terminal"]

    def run(self, script, timeout=240):
        """A script of root's; never raises for its exit code."""
        try:
            return subprocess.run(self.command(script), capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(script, 255, "", f"took more than {timeout} s")

    def out(self, script, timeout=240):
        done = self.run(script, timeout)
        if done.returncode != 0:
            raise LabError(f"{script}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout.rstrip("\n")

    def until(self, script, seconds, what):
        _until(lambda: self.run(script).returncode == 0, seconds, what)

    def tenant(self, *words):
        done = subprocess.run(
            [self.repository / "testing/tenant/ctl", "--admin", self.admin, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise LabError(f"tenant {' '.join(words)}: {done.stderr}{done.stdout}")
        return done.stdout

    @staticmethod
    def sign_in(name):
        """The command with which a user without an SSH key signs in."""
        return ["ssh", *_COMMON, "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=keyboard-interactive", "-tt", f"{name}@127.0.0.1"]

    def put(self, path, text, mode="0644"):
        self.out(f"printf %s {shlex.quote(text)} >{path} && chmod {mode} {path}")


def _until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise LabError(f"after {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.5)


def unprintable(text):
    """A transcript without what only a terminal understands."""
    return re.sub(r"\x1b[\[\]][0-9;?]*[a-zA-Z]|\r", "", text)


def namespaces(command):
    """The command as the first process of new network and process namespaces, which end with whoever started it."""
    missing = [program for program in ("qemu-system-x86_64", "qemu-img", "swtpm", "ssh", "mke2fs") if not shutil.which(program, path=os.defpath + ":/usr/sbin:/sbin")]
    if missing:
        raise LabError(f"{', '.join(missing)} missing: install what the machine needs with testing/install-deps vm")
    return ["unshare", "--net", "--pid", "--mount", "--fork", "--kill-child=KILL", "--mount-proc", *map(str, command)]
