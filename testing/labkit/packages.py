"""Our own packages, as their build leaves them, installed into a root by apt as an administrator would."""

import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import LabError, cache, roots

DEBS = "distro/target/deb"
_BUILT = ("runtime/target/image/bin/himmelblaud", "runtime/target/shims/pam/pam_himmelblau.so")
_KEEP = 12
_QUIET = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8", "HOME": "/root",
}


@contextmanager
def host(release, repository, machine=False):
    """The directory of a root in which our packages are installed; nobody writes to it. machine: for one with its own kernel."""
    debs = current(repository)
    with roots.root(release, machine) as root:
        digest = hashlib.sha256(root.name.encode())
        for deb in debs:
            facts = deb.stat()  # their bytes would take longer to read than a host takes to boot
            digest.update(f"{deb} {facts.st_size} {facts.st_mtime_ns}".encode())
        name = f"{release}-{digest.hexdigest()[:16]}"
        with cache.made("hosts", name, lambda directory: _install(root, debs, directory)) as made:
            cache.forget_old("hosts", _KEEP)
            yield made


def current(repository):
    """The .deb files that belong to what was built last; packs them when they are older, which takes seconds. HIMMELBLAU_LAB_DEBS: those of another folder."""
    if chosen := os.environ.get("HIMMELBLAU_LAB_DEBS"):
        if not (debs := sorted(Path(chosen).glob("*.deb"))):
            raise LabError(f"HIMMELBLAU_LAB_DEBS: no .deb file in {chosen}")
        return debs
    for path in _BUILT:
        if not (repository / path).exists():
            raise LabError(f"{path} is missing: build first, with runtime/build")
    target = repository / "distro/target"
    target.mkdir(exist_ok=True)
    with cache.locked(target / ".packing"):
        debs = _debs(repository)
        if not debs or _newest(repository) > min(deb.stat().st_mtime for deb in debs):
            _pack(repository)
            debs = _debs(repository)
    if not debs:
        raise LabError(f"distro/build left no package in {DEBS}")
    return debs


def _debs(repository):
    return sorted((repository / DEBS).glob("*.deb"))


def _pack(repository):
    cache.say("packing what was built: distro/build deb --fast --as-built")
    cache.run([repository / "distro/build", "deb", "--fast", "--as-built"], cwd=repository)


def _newest(repository):
    """When any file that a package holds or is made with was last changed."""
    return max(os.lstat(path).st_ctime for source in _sources(repository) for path in _files(repository / source))


def _sources(repository):
    yield from ("distro/files", "distro/stage", "distro/deb")
    for line in (repository / "distro/files").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) == 5 and not line.startswith("#") and fields[2] not in ("link", "dir"):
            yield fields[4].lstrip("=").partition(",")[0]  # a file, or the program that prints it


def _files(path):
    yield path
    for folder, _, names in os.walk(path):
        yield from (os.path.join(folder, name) for name in names)


def _install(root, debs, directory):
    cache.say(f"installing our packages into {root.name}")
    _copy(root, directory)
    offered = directory / "var/cache/himmelblau-debs"
    offered.mkdir()
    for deb in debs:
        shutil.copy(deb, offered)
    no_start = directory / "usr/sbin/policy-rc.d"
    no_start.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    no_start.chmod(0o755)
    answer = "himmelblau himmelblau/domain string example.onmicrosoft.com\n"
    script = (
        "set -e; mount -t proc proc /proc; "
        f"printf '{answer}' | debconf-set-selections; "
        "apt-get -y -o Dpkg::Use-Pty=0 --no-install-recommends install /var/cache/himmelblau-debs/*.deb"
    )
    cache.run(["chroot", directory, "/bin/sh", "-c", script], env=_QUIET)
    no_start.unlink()
    shutil.rmtree(offered)
    for place in ("etc", "var"):  # as on a host that has booted before
        (directory / place / ".updated").touch()


def _copy(root, directory):
    """/usr by hard links: dpkg puts a new file in an old one's place and never writes into it."""
    directory.mkdir()
    shutil.copystat(root, directory)
    for entry in os.listdir(root):
        how = "-al" if entry == "usr" else "-a"
        subprocess.run(["cp", how, root / entry, directory / entry], check=True)
