"""Makes the staged file system a host on which the packages were just installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import LabError, stage
from .units import Unit

IMAGE = "runtime/target/image"
SHIMS = "runtime/target/shims"
# The names of the real service that the tenant answers for.
TENANT_HOSTS = (
    "login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net",
    "autologon.microsoftazuread-sso.com", "device.login.microsoftonline.com", "odc.officeapps.live.com",
    "enterpriseregistration.windows.net", "graph.microsoft.com", "graph.windows.net", "microsoft.com",
    "www.microsoft.com", "enrollment.manage.microsoft.com", "fef.msua08.manage.microsoft.com",
)
DEFAULT_CONFIGURATION = "[global]\ndomain = example.onmicrosoft.com\n"
UNITS = {
    "daemon": "himmelblaud.service", "tasks": "himmelblaud-tasks.service", "userdb": "himmelblau-userdb.service",
}
TMPFILES = ("himmelblaud.conf", "himmelblaud-userdb.conf")
_HIMMELBLAU_PAM = "pam_himmelblau.so"


class Plan:
    """What `up` was asked for, checked before anything is started."""

    def __init__(self, name, repository, configuration=None, seed=None, tpm="none"):
        self.hostname = "lab" if name == "default" else re.sub(r"[^A-Za-z0-9-]", "-", name)
        self.repository = Path(repository)
        self.configuration = DEFAULT_CONFIGURATION
        if configuration:
            self.configuration = _readable(configuration, "--conf")
        self.seed = None
        if seed:
            _readable(seed, "--tenant")
            self.seed = str(Path(seed).resolve())
        self.tpm = tpm
        self._require()

    def _require(self):
        for path in (f"{IMAGE}/bin/himmelblaud", f"{SHIMS}/pam", f"{SHIMS}/nss", f"{SHIMS}/userdb"):
            if not (self.repository / path).exists():
                raise LabError(f"{path} is missing: build first, with runtime/build")
        wanted = ["/usr/sbin/sshd", "/etc/pam.d/sshd", "/usr/bin/openssl"]
        wanted += ["/usr/bin/swtpm"] if self.tpm == "swtpm" else []
        missing = [path for path in wanted if not os.path.exists(path)]
        if missing:
            raise LabError(
                f"{', '.join(missing)} missing: install what the lab needs with"
                " testing/install-deps lab"
            )


def _readable(path, option):
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"{option} {path}: {error}") from error


def install(plan, lab):
    """Runs inside, before any service. Yields nothing until all of it stands."""
    _names(plan)
    _system_user()
    _files(plan, lab)
    pam = subprocess.Popen(
        ["pam-auth-update", "--package", "--force"],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    _name_service()
    _sshd(plan)
    _trust(lab)
    for key in UNITS:
        _directories(unit(plan, key))
    _tmpfiles(plan)
    output = pam.communicate()[0]
    if pam.returncode != 0:
        raise LabError(f"pam-auth-update failed: {output.decode(errors='replace')}")
    _sshd_pam()


def unit(plan, key):
    return Unit(plan.repository / "distro/systemd" / UNITS[key])


def _names(plan):
    hosts = ["127.0.0.1 localhost", "::1 localhost ip6-localhost", f"127.0.1.1 {plan.hostname}"]
    hosts += [f"127.0.0.1 {name}" for name in TENANT_HOSTS]
    _replace("/etc/hosts", "\n".join(hosts) + "\n")
    _replace("/etc/hostname", plan.hostname + "\n")
    _replace("/etc/resolv.conf", "# No name service in a lab: all names it knows are in /etc/hosts.\n")


def _replace(path, text, mode=0o644):
    target = Path(path)
    target.unlink(missing_ok=True)
    target.write_text(text, encoding="utf-8")
    target.chmod(mode)


def local_account(name):
    """(uid, gid) from the file itself: PID 1 of the lab never asks the name service that it is there to start."""
    for fields in _records("/etc/passwd"):
        if fields[0] == name:
            return int(fields[2]), int(fields[3])
    raise LabError(f"no user '{name}' in /etc/passwd")


def local_groups():
    return {fields[0]: int(fields[2]) for fields in _records("/etc/group")}


def _records(path):
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        fields = line.split(":")
        if len(fields) > 3:
            yield fields


def _system_user(name="himmelblaud"):
    """What systemd-sysusers would do with distro/sysusers.d/himmelblaud.conf."""
    accounts = list(_records("/etc/passwd"))
    if any(fields[0] == name for fields in accounts):
        return
    used = {int(fields[2]) for fields in accounts} | set(local_groups().values())
    number = next(candidate for candidate in range(999, 99, -1) if candidate not in used)
    for path, line in (
        ("/etc/group", f"{name}:x:{number}:"),
        ("/etc/gshadow", f"{name}:!::"),
        (
            "/etc/passwd",
            f"{name}:x:{number}:{number}:Himmelblau sign-in daemon:/var/lib/{name}:/usr/sbin/nologin",
        ),
        ("/etc/shadow", f"{name}:!*:1::::::"),
    ):
        if os.path.exists(path):
            _append(path, line + "\n")


def _append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def _files(plan, lab):
    repository = plan.repository
    home = Path("/usr/lib/himmelblau")
    home.mkdir(exist_ok=True)
    stage.overlay(repository / IMAGE, home, lab.filesystem, "image")
    vendor = repository / "distro/himmelblau.conf"
    if vendor.exists():
        shutil.copyfile(vendor, home / "himmelblau.conf")
    for name in ("himmelblaud", "himmelblaud_tasks"):
        _link(f"/usr/sbin/{name}", f"../lib/himmelblau/bin/{name}")
    shims = repository / SHIMS
    modules = _beside("security/pam_unix.so")
    libraries = modules.parent
    _copy(shims / "pam" / _HIMMELBLAU_PAM, modules / _HIMMELBLAU_PAM, 0o644)
    _copy(shims / "nss/libnss_himmelblau.so.2", libraries / "libnss_himmelblau.so.2", 0o644)
    if (shims / "aad-tool/aad-tool").exists():
        _copy(shims / "aad-tool/aad-tool", Path("/usr/bin/aad-tool"), 0o755)
    _copy(shims / "userdb/himmelblau_userdb", home / "bin/himmelblau_userdb", 0o755)
    _copy(
        repository / "distro/pam/debian/himmelblau", Path("/usr/share/pam-configs/himmelblau"), 0o644
    )
    configuration = Path("/etc/himmelblau")
    shutil.rmtree(configuration, ignore_errors=True)
    configuration.mkdir()
    _replace(configuration / "himmelblau.conf", plan.configuration)
    if plan.tpm == "swtpm":
        (configuration / "himmelblau.conf.d").mkdir()
        _replace(
            configuration / "himmelblau.conf.d/90-lab-tpm.conf",
            "[global]\ntpm_tcti_name = swtpm:host=127.0.0.1,port=2321\n",
        )


def _beside(module):
    for base in sorted(Path("/usr").glob("lib*")):
        for pattern in (f"*-linux-*/{module}", module):
            for found in base.glob(pattern):
                return found.parent
    raise LabError("this system keeps its PAM modules where the lab does not look")


def _copy(source, target, mode):
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def _link(path, target):
    Path(path).unlink(missing_ok=True)
    os.symlink(target, path)


def _name_service():
    """What the package's installation script does: our word last, once."""
    lines = []
    for line in Path("/etc/nsswitch.conf").read_text(encoding="utf-8").splitlines():
        database = line.partition(":")[0].strip()
        if database in ("passwd", "group", "shadow", "initgroups") and "himmelblau" not in line:
            line = line.rstrip() + " himmelblau"
        lines.append(line)
    _replace("/etc/nsswitch.conf", "\n".join(lines) + "\n")


def _sshd(plan):
    directory = Path("/etc/ssh/sshd_config.d")
    directory.mkdir(exist_ok=True)
    shutil.copy(plan.repository / "distro/sshd/30-himmelblau.conf", directory)
    key = Path("/etc/ssh/lab_host_key")
    key.unlink(missing_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", key], check=True
    )
    ours = ["ListenAddress 127.0.0.1", f"HostKey {key}", "MaxStartups 200", "MaxSessions 200"]
    # Everybody comes from one address here, and sshd 9.8 and later shuts out one that fails often.
    patient = "PerSourcePenalties=no"
    if subprocess.run(
        ["/usr/sbin/sshd", "-G", "-f", "/dev/null", "-o", patient], capture_output=True, check=False
    ).returncode == 0:
        ours.append(patient.replace("=", " "))
    _replace(directory / "90-lab.conf", "\n".join(ours) + "\n")
    public = key.with_suffix(".pub").read_text().split()
    _replace("/etc/ssh/ssh_known_hosts", f"* {public[0]} {public[1]}\n")


def _trust(lab):
    """Makes the tenant's authority and adds it to the system's, as update-ca-certificates would."""
    authority, key = lab.tenant_state / "ca.pem", lab.tenant_state / "ca.key"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "30", "-keyout", key, "-out", authority,
            "-subj", "/O=himmelblau-osgi/CN=Emulated tenant of a lab",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    pem = authority.read_text()
    local = Path("/usr/local/share/ca-certificates")
    local.mkdir(parents=True, exist_ok=True)
    (local / "himmelblau-lab.crt").write_text(pem)
    store = Path("/etc/ssl/certs")
    store.mkdir(parents=True, exist_ok=True)
    _append(store / "ca-certificates.crt", pem)
    (store / "himmelblau-lab.pem").write_text(pem)
    digest = subprocess.run(
        ["openssl", "x509", "-noout", "-hash", "-in", authority],
        check=True, capture_output=True, text=True,
    ).stdout.strip()
    _link(store / f"{digest}.0", "himmelblau-lab.pem")


def _directories(settings):
    owner = local_account(settings.user())
    for path, mode in settings.directories():
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        os.chown(path, *owner)
        path.chmod(mode)


def _tmpfiles(plan):
    """What systemd-tmpfiles would make of distro/tmpfiles.d: directories and links."""
    for name in TMPFILES:
        for line in (plan.repository / "distro/tmpfiles.d" / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            kind, path, mode, *_, argument = line.split()
            if kind == "d":
                Path(path).mkdir(exist_ok=True)
                Path(path).chmod(int(mode, 8))
            elif kind == "L+":
                _link(path, argument)
            else:
                raise LabError(f"distro/tmpfiles.d/{name}: the lab does not know '{line}'")


def _sshd_pam():
    """The lab opts in to the prompt that makes sshd show the number at once (OpenSSH bug 2876)."""
    common = Path("/etc/pam.d/common-auth").read_text(encoding="utf-8").splitlines()
    ours = [
        line + " mfa_poll_prompt" if _HIMMELBLAU_PAM in line and line.startswith("auth") else line
        for line in common
    ]
    sshd = Path("/etc/pam.d/sshd").read_text(encoding="utf-8")
    if "@include common-auth" not in sshd:
        raise LabError("/etc/pam.d/sshd does not include common-auth: not a Debian host?")
    _replace("/etc/pam.d/sshd", sshd.replace("@include common-auth", "\n".join(ours), 1))
