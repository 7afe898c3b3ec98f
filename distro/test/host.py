"""A booted Debian for the tests of the packages: the real systemd as PID 1, in a root of that release.

The root is the lab's (testing/labkit/roots.py), made once for each machine; a host writes to a layer of its own, which goes with it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "testing"))

from labkit import roots  # noqa: E402

CGROUPS = (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup/systemd"))
RELEASES = ("debian-12", "debian-13")
BOOT_SECONDS = 60


class Host:
    """One host; `with Host("debian-13") as host`. With boot=False its files are only mounted, for work in a chroot."""

    def __init__(self, release, boot=True, name=None):
        self.release = release
        self.name = name or f"pkg{os.getpid()}-{time.monotonic_ns() % 1_000_000}"
        self.boot_wanted = boot
        self.directory = Path(tempfile.mkdtemp(prefix="himmelblau-host-"))
        self.root = self.directory / "root"
        self.process = None
        self.leader = None
        self.kept = ExitStack()

    def __enter__(self):
        self.directory.chmod(0o755)
        # In memory: what is written here is gone with the host.
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "host", self.directory], check=True)
        for part in ("upper", "work", "root"):
            (self.directory / part).mkdir()
        layers = f"lowerdir={self.kept.enter_context(roots.root(self.release))},upperdir={self.directory}/upper,workdir={self.directory}/work"
        subprocess.run(["mount", "-t", "overlay", "-o", layers, "overlay", self.root], check=True)
        (self.root / "etc/hostname").write_text(self.name + "\n")
        (self.root / "etc/machine-id").write_text(uuid.uuid4().hex + "\n")
        try:
            if self.boot_wanted:
                self.boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.power_off()
        for mounted in (self.root, self.directory):
            subprocess.run(["umount", "-R", "-l", mounted], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.directory, ignore_errors=True)
        self.kept.close()

    def boot(self, wait=True):
        """Starts systemd and waits until it says that all is up; without wait only until it can be asked."""
        shutil.rmtree(f"/run/systemd/nspawn/propagate/{self.name}", ignore_errors=True)
        for base in CGROUPS:
            if base.is_dir():
                (base / self.name).mkdir(exist_ok=True)

        def own_cgroup():
            for base in CGROUPS:
                if base.is_dir():
                    (base / self.name / "cgroup.procs").write_text(str(os.getpid()))

        log = open(self.directory / "console.log", "ab")
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "-D", self.root, "-M", self.name,
             "--private-network", "-b", "--console=pipe"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=own_cgroup, start_new_session=True,
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
        )
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            self.leader = self._leader()
            if self.leader:
                state = self.run("systemctl is-system-running", check=False).stdout.strip()
                if state in ("running", "degraded") or (state and not wait):
                    return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not boot:\n" + (self.directory / "console.log").read_text(errors="replace")[-3000:])

    def _leader(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def power_off(self):
        if self.process is None:
            return
        if self.leader and self.process.poll() is None:
            os.kill(self.leader, signal.SIGRTMIN + 4)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                pass
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = self.leader = None
        shutil.rmtree(f"/run/systemd/nspawn/propagate/{self.name}", ignore_errors=True)
        for base in CGROUPS:
            for path in sorted((base / self.name).rglob("*"), reverse=True) if base.is_dir() else ():
                if path.is_dir():
                    _remove(path)
            _remove(base / self.name)

    def command(self, command):
        """The words that run a shell command in there."""
        if self.leader:
            inside = ["nsenter", "-t", str(self.leader), "-a", "-r", "-w"]
        else:
            inside = ["chroot", str(self.root)]
        environment = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
        return [*inside, *environment, "sh", "-c", command]

    def run(self, command, check=True, timeout=180):
        """Runs a shell command in there, as root."""
        done = subprocess.run(
            self.command(command), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=timeout, check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def start(self, command):
        """Starts a shell command in there and lets it run."""
        return subprocess.Popen(self.command(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def put(self, *files):
        """Copies files to /root/packages in there, which is emptied first."""
        place = self.root / "root/packages"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for file in files:
            shutil.copy(file, place)


def _remove(directory):
    try:
        directory.rmdir()
    except OSError:
        pass
