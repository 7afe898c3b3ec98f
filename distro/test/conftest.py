import subprocess
from pathlib import Path

import pytest

from debs import BUILT, OLDER, ROOT
from host import RELEASES


@pytest.fixture(scope="session")
def debs():
    """The packages as distro/build leaves them; builds them when there are none."""
    if not list(BUILT.glob("*.deb")):
        subprocess.run([ROOT / "distro/build", "deb", "--fast"], check=True)
    return sorted(BUILT.glob("*.deb"))


@pytest.fixture(scope="session")
def unpacked(debs, tmp_path_factory):
    """The files of all packages, in one directory."""
    place = tmp_path_factory.mktemp("unpacked")
    for deb in debs:
        subprocess.run(["dpkg-deb", "-x", deb, place], check=True)
    return place


@pytest.fixture(params=RELEASES)
def release(request):
    return request.param


@pytest.fixture(scope="session")
def older(debs, tmp_path_factory):
    """The same packages with a lower version, or those of an earlier commit (distro/test/upgrade-from)."""
    if OLDER:
        return sorted(Path(OLDER).glob("*.deb"))
    from debs import with_version

    return with_version(debs, "1:0.0.1", tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="session")
def scripts() -> Path:
    return ROOT / "distro/scripts"
