import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import directory_lab  # noqa: E402
import hostile  # noqa: E402
from directory_lab import DirectoryLab  # noqa: E402
from keys import Keys  # noqa: E402
from running_lab import DOMAIN, LAB, RunningLab  # noqa: E402


def here(name):
    """A name of a lab that is unique to this process: several run in parallel (pytest -n)."""
    return name + os.environ.get("PYTEST_XDIST_WORKER", "").replace("gw", "-")


def pytest_sessionstart(session):
    """A root that has to be made first may take longer than any test waits for a lab."""
    if not session.config.option.collectonly and subprocess.run([LAB, "prepare"], stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise pytest.UsageError("testing/lab prepare failed; it says why above")


@pytest.fixture(scope="session")
def conf(tmp_path_factory):
    """Writes a configuration file; shipped defaults but for what is given."""
    folder = tmp_path_factory.mktemp("conf")

    def write(text="", domain=DOMAIN):
        file = folder / f"{len(os.listdir(folder))}.conf"
        file.write_text(f"[global]\n{f'domain = {domain}' if domain else ''}\n{text}")
        return file

    return write


@pytest.fixture(scope="session")
def lab(conf):
    """The lab that most tests share; each test creates its own users."""
    running_lab = RunningLab(here("e2e"), conf())
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    running_lab.up()
    running_lab.await_name("user02")
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="session")
def directory():
    """One with two tenants, for tests of names and ids: each sets the options that it needs."""
    folder = Path(tempfile.mkdtemp(prefix="e2e-directory"))
    conf = folder / "himmelblau.conf"
    conf.write_text(directory_lab.BASE.format(options="", own="", other=""), encoding="utf-8")
    running_lab = DirectoryLab(here("e2e-directory"), conf, folder / "tenant.yaml")
    hostile.seed(folder / "tenant.yaml")
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    try:
        yield running_lab.up().joined()
    finally:
        subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
        shutil.rmtree(folder)


@pytest.fixture
def another(request, conf):
    """Makes further labs that end with the test: another(text, domain=…, tpm=…)."""
    made = []

    def start(text="", name="e2e-other", **options):
        domain = options.pop("domain", DOMAIN)
        running_lab = RunningLab(here(name), conf(text, domain), **options)
        subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
        made.append(running_lab)
        return running_lab.up()

    yield start
    for running_lab in made:
        subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)


@pytest.fixture(scope="session")
def keys(conf):
    """A lab with a TPM and what its administrator does with its keys; a test begins with keys.begin(hsm_type)."""
    running_lab = RunningLab(here("e2e-keys"), conf(), tpm="swtpm")
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    yield Keys(running_lab.up())
    running_lab.down()


@pytest.fixture(scope="session")
def enrolled(lab):
    """A user with a PIN, for tests that do not change that."""
    return lab.new_user(local="enrolled").enrol()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows the end of the daemon's log."""
    report = (yield).get_result()
    keys = item.funcargs.get("keys")
    running_lab = keys.lab if keys else item.funcargs.get("lab") or item.funcargs.get("directory")
    if report.when == "call" and report.failed and running_lab:
        for part in ("daemon", "tasks"):
            text = running_lab.lab("logs", part, check=False).stdout
            report.sections.append((f"log of {part}", "\n".join(text.splitlines()[-25:])))
        starts = running_lab.run("journalctl", "--no-pager", "--output=short-precise", "UNIT=himmelblaud.service").stdout
        report.sections.append(("starts and ends of the daemon", "\n".join(starts.splitlines()[-12:])))
