"""The keys of a lab as its administrator handles them: the TPM, hsm_type, the state on the disk."""

import contextlib
import shutil
import subprocess
import time
from pathlib import Path

from running_lab import DOMAIN, PIN

# Straight to the chip: no resource manager in between that would hide a handle which somebody forgot. The TPM has one
# client at a time; the daemon holds it for a piece of work only, so this waits its turn.
TCTI = "swtpm:host=127.0.0.1,port=2321"
PIN_FILE = "/var/lib/himmelblaud/hsm-pin"
DATABASE = "/var/cache/himmelblaud/himmelblau.cache.db"
# What a thief or a backup would copy. The framework's own cache of bundles is no state.
STATE = ("var/lib/himmelblaud", "var/cache/himmelblaud", "etc/himmelblau")
HANDLES = ("transient", "loaded-session", "saved-session", "persistent")


class Keys:
    def __init__(self, lab):
        self.lab = lab
        self.place = Path("/run/himmelblau-lab", lab.name)  # on the build machine

    # --- the TPM ------------------------------------------------------------------------------

    def tpm2(self, tool, *words, check=True):
        done = self.lab.run("env", f"TPM2TOOLS_TCTI={TCTI}", f"tpm2_{tool}", *words)
        assert not check or done.returncode == 0, f"tpm2_{tool} {words}: {done.stderr}"
        return done.stdout

    def handles(self):
        """What is in the TPM's memory, by kind; empty when nothing is."""
        found = {kind: self.tpm2("getcap", f"handles-{kind}").split() for kind in HANDLES}
        return {kind: handles for kind, handles in found.items() if handles}

    def await_no_handles(self, seconds=10):
        """The daemon tries again and again to open its key, and holds some while it does; one that was left behind stays."""
        end = time.monotonic() + seconds
        while found := self.handles():
            assert time.monotonic() < end, found
            time.sleep(0.1)

    def stop_tpm(self):
        """As the kernel does when the machine goes down: a TPM counts the loss of its power as a wrong attempt."""
        self.tpm2("shutdown", "--clear")
        self.lab.lab("stop", "tpm")

    def restart_everything(self):
        self.lab.lab("stop", "daemon")
        self.lab.lab("stop", "tasks")
        self.stop_tpm()
        for part in ("tpm", "daemon", "tasks"):
            self.lab.start(part)

    @contextlib.contextmanager
    def away(self):
        """The machine without its TPM, from before the daemon starts."""
        self.lab.lab("stop", "daemon")
        self.stop_tpm()
        self.lab.start()
        try:
            yield
        finally:
            self.lab.lab("stop", "daemon")
            self.lab.start("tpm")
            self.lab.start()

    # --- the daemon's view --------------------------------------------------------------------

    def tpm(self):
        """What `aad-tool tpm` says."""
        return self.lab.out("aad-tool", "tpm")

    def status(self):
        """What `aad-tool status` says, on both streams."""
        done = self.lab.run("aad-tool", "status")
        return done.stdout + done.stderr

    def open(self):
        return "Machine key: open" in self.tpm()

    def await_open(self, seconds=60):
        script = f"for i in $(seq {seconds * 5}); do aad-tool tpm | grep -q 'key: open' && exit; sleep 0.2; done; exit 1"
        assert self.lab.run("sh", "-c", script).returncode == 0, f"the keys do not open:\n{self.tpm()}"

    def configure(self, hsm_type, more=""):
        """Written into the file; the daemon is to be restarted, or notices by itself."""
        text = f"[global]\ndomain = {DOMAIN}\nhsm_type = {hsm_type}\n{more}"
        self.lab.write("/etc/himmelblau/himmelblau.conf", text)

    def begin(self, hsm_type, more="", tpm=True):
        """A host that was just installed, with this hsm_type and an empty TPM, or none."""
        self.lab.lab("stop", "daemon")
        self.lab.out("sh", "-c", "find /var/lib/himmelblaud /var/cache/himmelblaud -mindepth 1 -delete")
        self.configure(hsm_type, more)
        self.lab.start("tpm")
        self.tpm2("clear", "-c", "platform")
        if not tpm:
            self.lab.lab("stop", "tpm")
        self.lab.start()

    # --- the state on the disk ----------------------------------------------------------------

    def save(self, name="state"):
        """A copy of the state of a stopped daemon; its path on the build machine."""
        copy = self.place / name
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        subprocess.run(["cp", "-a", "--parents", *STATE, copy], cwd=self.lab.root(), check=True)
        shutil.rmtree(copy / "var/cache/himmelblaud/osgi", ignore_errors=True)
        return copy

    def restore(self, copy):
        """Puts a copy in the place of the state of a stopped daemon."""
        root = self.lab.root()
        for path in STATE:
            shutil.rmtree(root / path)
        subprocess.run(["cp", "-a", f"{copy}/.", root], check=True)


def signs_in(user, pin=PIN, timeout=60):
    with user.ssh(timeout=timeout) as session:
        session.pin(pin)
        session.shell()
        assert session.ask("id -un") == user.name


def refused(lab, user, service="sshd"):
    """The output for a user who is refused without a prompt."""
    done = lab.run("pamtester", service, user.name, "authenticate", timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    return said
