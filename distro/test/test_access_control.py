"""What is installed for SELinux and AppArmor, read by the tools of both. testing/vm runs it in a kernel that enforces it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SELINUX = ROOT / "distro/selinux"
DEVEL = Path("/usr/share/selinux/devel/Makefile")
PP = Path("/usr/libexec/selinux/hll/pp")  # a compiled module to text
PROFILES = Path("/etc/apparmor.d")


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    """What was said when it was compiled."""
    if not DEVEL.exists():
        pytest.skip("needs selinux-policy-dev: testing/install-deps package")
    place = tmp_path_factory.mktemp("module")
    for kind in ("te", "fc", "if"):
        shutil.copy(SELINUX / f"himmelblaud.{kind}", place)
    done = subprocess.run(["make", "-C", place, "-f", DEVEL, "himmelblaud.pp"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place / "himmelblaud.pp").stat().st_size > 0
    return place, done.stdout + done.stderr


def test_the_module_compiles_without_a_warning(module):
    assert not re.search("warning|error", module[1], re.IGNORECASE), module[1]


def test_programs_of_users_reach_the_daemon(module):
    """The session broker among them, which has no domain of its own."""
    if not PP.exists():
        pytest.skip("needs policycoreutils: testing/install-deps package")
    rules = subprocess.run([PP], input=(module[0] / "himmelblaud.pp").read_bytes(), capture_output=True, check=True).stdout.decode()
    assert "(allow userdomain himmelblaud_t (unix_stream_socket (connectto)))" in rules
    assert re.search(r"\(allow userdomain himmelblau_var_run_t \(sock_file \([a-z ]*\bwrite\b", rules)
    labelled = (SELINUX / "himmelblaud.fc").read_text()
    assert "himmelblau_broker" not in labelled and "linux-entra-sso" not in labelled


def test_every_label_is_a_type_of_the_module():
    declared = set(re.findall(r"^type (\w+);", (SELINUX / "himmelblaud.te").read_text(), re.MULTILINE))
    used = set(re.findall(r"object_r:(\w+),", (SELINUX / "himmelblaud.fc").read_text()))
    assert used <= declared | {"bin_t"}  # a program that both start in their own domain has the type of programs in general
    assert {"himmelblaud_exec_t", "himmelblaud_tasks_exec_t", "himmelblau_userdb_exec_t", "himmelblau_var_run_t", "himmelblau_nss_cache_t"} <= used


def test_programs_with_a_label_are_in_the_packages():
    listed = subprocess.run([ROOT / "distro/stage", "rpm", "--list"], capture_output=True, text=True, check=True).stdout
    for line in (SELINUX / "himmelblaud.fc").read_text().splitlines():
        if "_exec_t" in line:
            path = line.split()[0].replace("\\", "")
            assert f" {path}\n" in listed or (ROOT / "runtime/image" / Path(path).name).exists(), path


def test_relabelling_covers_every_label():
    """What the module gives a label, the package's script sets it on."""
    script = (SELINUX / "module").read_text()
    for line in (SELINUX / "himmelblaud.fc").read_text().splitlines():
        if line:
            place = re.sub(r"\(.*|\\", "", line.split()[0])
            assert any(re.search(rf" {re.escape(str(parent))}[ ;\\\n]", script) for parent in (Path(place), *Path(place).parents)), place


@pytest.fixture
def profiles(tmp_path):
    """AppArmor's files of this machine, with our addition where the package puts it."""
    if not shutil.which("apparmor_parser", path="/usr/sbin:/sbin") or not (PROFILES / "abstractions/nameservice").exists():
        pytest.skip("needs apparmor: testing/install-deps package")
    base = tmp_path / "apparmor.d"
    shutil.copytree(PROFILES, base, symlinks=True)
    (base / "abstractions/nameservice.d").mkdir(exist_ok=True)
    shutil.copy(ROOT / "distro/apparmor/nameservice", base / "abstractions/nameservice.d/himmelblau")
    return base


def test_apparmor_takes_the_addition_with_the_name_service(profiles):
    profile = profiles / "probe"
    profile.write_text("include <tunables/global>\nprofile probe /usr/bin/probe {\n  include <abstractions/nameservice>\n}\n")
    parser = ["/usr/sbin/apparmor_parser", "--config-file=/dev/null", "--base", profiles, "--skip-kernel-load", "--skip-cache"]
    whole = subprocess.run([*parser, "--preprocess", profile], capture_output=True, text=True, check=False)
    assert whole.returncode == 0, whole.stderr
    for rule in (ROOT / "distro/apparmor/nameservice").read_text().splitlines():
        assert rule.startswith("#") or rule.strip() in whole.stdout, rule
    compiled = subprocess.run([*parser, "--stdout", profile], capture_output=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
    assert compiled.stdout
