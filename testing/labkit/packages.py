"""Our own packages, as their build leaves them, installed into a root by apt as an administrator would."""

import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import LabError, cache, roots

DEBS = "distro/target/deb"
IMAGE = "runtime/target/image"
# A package is as new as what it holds.
_SOURCES = (IMAGE, "runtime/target/shims", "distro")
_BUILT = ("runtime/target/image/bin/himmelblaud", "runtime/target/shims/pam/pam_himmelblau.so")
_KEEP = 6
_QUIET = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8", "HOME": "/root",
}


@contextmanager
def host(release, repository):
    """The directory of a root in which our packages are installed; nobody writes to it."""
    debs = current(repository)
    with roots.root(release) as root:
        digest = hashlib.sha256(root.name.encode())
        for deb in debs:
            digest.update(deb.name.encode())
            with deb.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        name = f"{release}-{digest.hexdigest()[:16]}"
        with cache.made("hosts", name, lambda directory: _install(root, debs, directory)) as made:
            cache.forget_old("hosts", _KEEP)
            yield made


def current(repository):
    """The .deb files that belong to what was built last; packs them when they are older, which takes seconds."""
    for path in _BUILT:
        if not (repository / path).exists():
            raise LabError(f"{path} is missing: build first, with runtime/build")
    debs = sorted((repository / DEBS).glob("*.deb"))
    if not debs or _newest(repository) > min(deb.stat().st_mtime for deb in debs):
        _pack(repository)
        debs = sorted((repository / DEBS).glob("*.deb"))
    if not debs:
        raise LabError(f"no package in {DEBS}: distro/build deb does not say why")
    return debs


def _pack(repository):
    builder = repository / "distro/build"
    cache.say("packing what was built: distro/build deb --fast")
    cache.run([builder, "deb", "--fast"], cwd=repository)


def _newest(repository):
    newest = 0
    for source in _SOURCES:
        for folder, folders, files in os.walk(repository / source):
            folders[:] = [name for name in folders if not (name == "target" and folder.endswith("distro"))]
            for name in files:
                newest = max(newest, os.lstat(os.path.join(folder, name)).st_mtime)
    return newest


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


def _copy(root, directory):
    """/usr by hard links: dpkg puts a new file in an old one's place and never writes into it."""
    directory.mkdir()
    shutil.copystat(root, directory)
    for entry in os.listdir(root):
        how = "-al" if entry == "usr" else "-a"
        subprocess.run(["cp", how, root / entry, directory / entry], check=True)
