"""Himmelblau was on this host: its state is kept, its database moved aside, and users sign in with the ids that they had."""

import subprocess
from pathlib import Path

import pytest

from conftest import here
from running_lab import DOMAIN, LAB, PASSWORD, PIN, User, RunningLab

CACHE = "/var/cache/himmelblaud"
ASIDE = f"{CACHE}/replaced-himmelblau"
FILES = ("himmelblau.cache.db", "himmelblau.cache.db-wal", "himmelblau.cache.db-shm")
UID = 773235643  # of user02@0pndv.onmicrosoft.com: testing/vectors/idmap/by-name.txt
UPN = f"user02@{DOMAIN}"
HOME = "/home/e0000002-0000-4000-8000-000000000002"  # by object id, which is the default
SUBORDINATE = "user02:2509600000:65536"


def sums(lab, folder):
    return [lab.out("sha256sum", f"{folder}/{name}").split()[0] for name in FILES]


@pytest.fixture(scope="module")
def replaced(conf):
    """A lab whose daemon starts over Himmelblau's state, with what was there before."""
    running_lab = RunningLab(here("e2e-replaced"), conf())
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    running_lab.up()
    running_lab.lab("stop", "tasks")
    running_lab.lab("stop", "daemon")
    running_lab.out("sh", "-c", f"find /var/lib/himmelblaud {CACHE} -mindepth 1 -delete")
    script = Path(__file__).with_name("himmelblau_state.py").read_text()
    done = running_lab.run("python3", "-c", script, UID, "himmelblaud")
    assert done.returncode == 0, done.stderr
    running_lab.out("sh", "-c", f"mkdir -m 0700 {HOME} && echo precious >{HOME}/file && chown -R {UID}:{UID} {HOME} && ln -s {HOME} /home/{UPN}")
    running_lab.out("sh", "-c", f"echo {SUBORDINATE} >>/etc/subuid; echo {SUBORDINATE} >>/etc/subgid")
    running_lab.before = sums(running_lab, CACHE)
    running_lab.start()
    running_lab.start("tasks")
    yield running_lab
    running_lab.down()


def test_its_database_is_moved_aside_as_it_was(replaced):
    assert sums(replaced, ASIDE) == replaced.before
    assert replaced.out("stat", "-c", "%a %U", ASIDE) == "700 himmelblaud"
    for kept in (f"{CACHE}/himmelblau.conf", "/var/lib/himmelblaud/hsm-pin-nopcr.enc", "/var/lib/himmelblaud/hsm-pin.unused-1"):
        assert replaced.run("test", "-e", kept).returncode == 0, kept


def test_log_and_status_say_so_once(replaced):
    assert replaced.log().count("store.himmelblau_replaced") == 1
    done = replaced.run("aad-tool", "status")
    assert done.returncode == 0
    assert done.stdout.startswith("working!\n")
    assert f"The state of Himmelblau was moved to {ASIDE}" in done.stdout
    assert "new PIN" in done.stdout
    assert done.stderr == ""
    assert replaced.out("aad-tool", "status", user="nobody") == "working!", "others are not concerned"


def test_a_user_enrols_a_new_pin_and_keeps_ids_and_home(replaced):
    user = User(replaced, "user02", UPN, PASSWORD)
    replaced.await_name("user02")
    user.enrol()
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        assert session.ask("id -u") == str(UID)
        assert session.ask("cat ~/file") == "precious"
    for file in ("/etc/subuid", "/etc/subgid"):
        assert [line for line in replaced.out("cat", file).splitlines() if line.startswith("user02:")] == [SUBORDINATE]


def test_ids_can_be_compared_and_fixed_ones_stay(replaced):
    done = replaced.run("aad-tool", "idmap", "check", "--against", f"{ASIDE}/ids")
    assert done.returncode == 0, done.stdout + done.stderr
    replaced.new_user(local="fixed")
    assert replaced.out("getent", "passwd", "fixed").split(":")[2:4] == ["70001", "70002"]


def test_restarted_it_stays_as_it_is_until_the_folder_is_deleted(replaced):
    replaced.restart()
    assert replaced.log().count("store.himmelblau_replaced") == 1
    assert ASIDE in replaced.out("aad-tool", "status")
    replaced.out("rm", "-r", ASIDE)
    assert replaced.out("aad-tool", "status") == "working!"
