import os
import shutil
import sys
import time
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[1] / "e2e")]

from outsider import EXAMPLES, PLUGINS, run, worked  # noqa: E402

# What this machine's Maven has fetched before is fetched from there; of himmelblau there is nothing in it that counts.
SETTINGS = """<settings><profiles><profile><id>here</id>
<repositories><repository><id>fetched</id><url>file://{warm}</url><snapshots><enabled>false</enabled></snapshots></repository></repositories>
<pluginRepositories><pluginRepository><id>fetched</id><url>file://{warm}</url></pluginRepository></pluginRepositories>
</profile></profiles><activeProfiles><activeProfile>here</activeProfile></activeProfiles></settings>
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Somebody's home with an empty Maven repository, into which the API was published."""
    folder = tmp_path_factory.mktemp("home")
    (folder / ".m2").mkdir()
    (folder / ".m2/settings.xml").write_text(SETTINGS.format(warm=Path.home() / ".m2/repository"), encoding="utf-8")
    os.environ["JAVA_HOME"] = worked(run("runtime/image/find-jdk")).strip()
    begin = time.monotonic()
    worked(run("runtime/publish-api", home=folder, timeout=600))
    print(f"published in {time.monotonic() - begin:.0f} s")
    return folder


@pytest.fixture(scope="session")
def jars(home, tmp_path_factory):
    """Each plug-in, built from a copy of its folder; its tests have run."""
    made = {}
    for name in PLUGINS:
        folder = tmp_path_factory.mktemp("plug-in") / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("target"))
        begin = time.monotonic()
        worked(run("mvn", "-B", "-ntp", "-q", "package", home=home, cwd=folder))
        print(f"{name}: built and tested in {time.monotonic() - begin:.0f} s")
        made[name] = folder / f"target/example.{name}-1.0.jar"
    return made
