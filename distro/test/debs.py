"""The .deb files, and the same as of another version."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "distro/target/deb"
# A folder with the packages of an earlier commit: distro/test/upgrade-from.
OLDER = os.environ.get("HIMMELBLAU_OLDER_DEBS")


def field(deb, name):
    return subprocess.run(["dpkg-deb", "-f", deb, name], check=True, capture_output=True, text=True).stdout.strip()


def with_version(debs, version, into):
    """Packages with the same files and scripts, and another version."""
    into.mkdir(exist_ok=True)
    made = []
    for deb in debs:
        package, before = field(deb, "Package"), field(deb, "Version")
        tree = into / package
        subprocess.run(["dpkg-deb", "-R", deb, tree], check=True)
        for file in (tree / "DEBIAN").iterdir():
            if before in (text := file.read_text()):
                file.write_text(text.replace(before, version))
        target = into / f"{package}_{version.replace(':', '%3a')}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, target], check=True, stdout=subprocess.DEVNULL)
        made.append(target)
    return made
