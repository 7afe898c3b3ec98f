"""One lab's file system: an overlay on the root with our packages, and the little in it that differs from what they leave."""

import os
import re
import shutil
import subprocess
import uuid
from pathlib import Path

from . import LabError, cache, linux
from .names import TENANT_HOSTS

DEFAULT_CONFIGURATION = "[global]\ndomain = example.onmicrosoft.com\n"
_OVERLAY = Path(__file__).parent / "overlay"
_PAM = "pam_himmelblau.so"


class Plan:
    """What `up` was asked for, checked before anything is started."""

    def __init__(self, name, repository, release, *, configuration=None, seed=None, tpm="none"):
        self.hostname = "lab" if name == "default" else re.sub(r"[^A-Za-z0-9-]", "-", name).strip("-") or "lab"
        self.repository = Path(repository)
        self.release = release
        self.configuration = DEFAULT_CONFIGURATION
        if configuration:
            self.configuration = _readable(configuration, "--conf")
        self.seed = None
        if seed:
            _readable(seed, "--tenant")
            self.seed = str(Path(seed).resolve())
        self.tpm = tpm
        wanted = ["mmdebstrap", "systemd-nspawn", "openssl", *(["swtpm"] if tpm == "swtpm" else [])]
        missing = [program for program in wanted if not shutil.which(program, path=os.defpath + ":/usr/sbin:/sbin")]
        if missing:
            raise LabError(f"{', '.join(missing)} missing: install what the lab needs with testing/install-deps lab")


def _readable(path, option):
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"{option} {path}: {error}") from error


def build(lab, plan, lower):
    """Returns the root directory, mounted in the caller's mount namespace. The tenant's authority stands already."""
    linux.mount("lab", lab.filesystem, "tmpfs", 0, "mode=0755")
    root, upper, work = (lab.filesystem / name for name in ("root", "upper", "work"))
    for directory in (root, upper, work):
        directory.mkdir(mode=0o755)
    linux.mount("lab", root, "overlay", 0, f"lowerdir={lower},upperdir={upper},workdir={work}")
    settle(root, plan, lab.tenant_state)
    return root


def settle(root, plan, authority, tenant="127.0.0.1"):
    """What differs from what the packages leave. authority: a directory with the tenant's; tenant: its address as the host sees it."""
    for part in ("all", "-".join(plan.release.split("-")[:2]), plan.release):
        if (_OVERLAY / part).is_dir():
            shutil.copytree(_OVERLAY / part, root, symlinks=True, dirs_exist_ok=True)
    _names(root, plan, tenant)
    _configuration(root, plan)
    _sshd(root)
    _trust(root, authority)


def _names(root, plan, tenant):
    hosts = ["127.0.0.1 localhost", "::1 localhost ip6-localhost", f"127.0.1.1 {plan.hostname}"]
    hosts += [f"{tenant} {name}" for name in TENANT_HOSTS]
    _write(root / "etc/hosts", "\n".join(hosts) + "\n")
    _write(root / "etc/hostname", plan.hostname + "\n")
    _write(root / "etc/resolv.conf", "# No name service in a lab: all names it knows are in /etc/hosts.\n")
    _write(root / "etc/machine-id", uuid.uuid4().hex + "\n", 0o444)


def _configuration(root, plan):
    _write(root / "etc/himmelblau/himmelblau.conf", plan.configuration)
    if plan.tpm == "swtpm":
        _write(
            root / "etc/himmelblau/himmelblau.conf.d/90-lab-tpm.conf",
            "[global]\ntpm_tcti_name = swtpm:host=127.0.0.1,port=2321\n",
        )


def _sshd(root):
    keys = sorted((root / "etc/ssh").glob("ssh_host_*_key.pub"))
    lines = [" ".join(("*", *key.read_text(encoding="ascii").split()[:2])) for key in keys]
    _write(root / "etc/ssh/ssh_known_hosts", "\n".join(lines) + "\n")
    _poll_prompt(root)


def _poll_prompt(root):
    """The lab opts in to the prompt that makes sshd show the number at once (OpenSSH bug 2876)."""
    sshd = root / "etc/pam.d/sshd"
    text = sshd.read_text(encoding="utf-8")
    if "mfa_poll_prompt" in text:
        return
    common = (root / "etc/pam.d/common-auth").read_text(encoding="utf-8").splitlines()
    ours = [line + " mfa_poll_prompt" if _PAM in line and line.startswith("auth") else line for line in common]
    if "@include common-auth" not in text:
        raise LabError("/etc/pam.d/sshd does not include common-auth: not a Debian host?")
    _write(sshd, text.replace("@include common-auth", "\n".join(ours), 1))


def make_authority(directory, days=30):
    """The tenant's, before the tenant starts."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", str(days), "-keyout", directory / "ca.key", "-out", directory / "ca.pem",
            "-subj", "/O=himmelblau-osgi/CN=Emulated tenant of a lab",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        ],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )


def _trust(root, authority):
    """The host trusts the tenant's authority by Debian's own means."""
    text = (authority / "ca.pem").read_text(encoding="ascii")
    _write(root / "usr/local/share/ca-certificates/himmelblau-lab.crt", text)
    cache.run(["chroot", root, "update-ca-certificates"], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


def _write(path, text, mode=0o644):
    """In the place of what is there, be it a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
