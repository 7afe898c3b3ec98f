"""The Ansible role of docs/fleet.md on a booted host: what it changes, that it changes nothing twice, and what it does with options that cannot be used."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from conftest import here
from running_lab import LAB, RunningLab

ROLE = Path(__file__).resolve().parents[2] / "distro/ansible/himmelblau"
DROP_IN = "/etc/himmelblau/himmelblau.conf.d/50-fleet.conf"
FIRST = {"himmelblau_domains": ["example.com"], "himmelblau_options": {"cn_name_mapping": True}}


class Fleet:
    """A playbook with our role, and the way into the one host that it is for."""

    def __init__(self, lab, folder):
        self.lab, self.folder = lab, folder
        key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        lab.write("/root/.ssh/authorized_keys", key.with_suffix(".pub").read_text())
        lab.out("chmod", "-R", "go-rwx", "/root/.ssh")
        lab.out("mkdir", "-p", "/run/sshd")
        (folder / "inventory").write_text(
            "host ansible_user=root ansible_host=127.0.0.1 ansible_python_interpreter=/usr/bin/python3\n"
        )
        (folder / "playbook.yml").write_text(
            f"- hosts: all\n  gather_facts: true\n  roles:\n    - role: {ROLE}\n"
        )
        (folder / "ansible.cfg").write_text(
            "[defaults]\nhost_key_checking = false\nretry_files_enabled = false\n"
            f"local_tmp = {folder}/local\n"
            "[ssh_connection]\npipelining = true\n"
            f"ssh_args = -F none -i {key} -o IdentitiesOnly=yes -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=/dev/null"
            f" -o ProxyCommand='{LAB} exec --name {lab.name} -- /usr/sbin/sshd -i'\n"
        )

    def play(self, variables, *more):
        """(exit code, how many tasks changed something, names of the tasks that failed, all it said)"""
        done = subprocess.run(
            ["ansible-playbook", "-i", "inventory", "playbook.yml", "-e", json.dumps(variables), *more],
            cwd=self.folder, capture_output=True, text=True, check=False, timeout=300, stdin=subprocess.DEVNULL,
            env={**os.environ, "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"), "HOME": str(self.folder)},
        )
        recap = re.search(r"^host +: ok=\d+ +changed=(\d+) +unreachable=0 ", done.stdout, re.MULTILINE)
        assert recap, done.stdout + done.stderr
        failed = [
            task for task, said in re.findall(r"^TASK \[[^]]+ : (.+?)\] \*+\n(.*?)(?=^TASK |^PLAY )", done.stdout, re.MULTILINE | re.DOTALL)
            if said.startswith("fatal: ")
        ]
        return done.returncode, int(recap[1]), failed, done.stdout


@pytest.fixture(scope="module")
def fleet(conf, tmp_path_factory):
    lab = RunningLab(here("e2e-fleet"), conf())
    lab.lab("down", check=False)
    lab.up()
    yield Fleet(lab, tmp_path_factory.mktemp("fleet"))
    lab.down()


def effective(lab, option):
    return [line for line in lab.out("aad-tool", "config").splitlines() if line.strip().startswith(option)]


def test_the_role_configures_a_host_once(fleet):
    code, changed, failed, said = fleet.play(FIRST)
    assert (code, failed) == (0, []), said
    assert changed > 0
    assert fleet.lab.out("stat", "-c", "%U %G %a", DROP_IN) == "root root 644"
    assert "50-fleet.conf" in "\n".join(effective(fleet.lab, "domain"))
    code, changed, failed, said = fleet.play(FIRST)
    assert (code, failed) == (0, []), said
    assert changed == 0, said
    assert fleet.lab.out("ls", "/etc/himmelblau/himmelblau.conf.d") == "50-fleet.conf"


def test_a_dry_run_changes_nothing(fleet):
    fleet.play(FIRST)
    before = fleet.lab.out("cat", DROP_IN)
    code, changed, failed, said = fleet.play({**FIRST, "himmelblau_allow_groups": ["3f2b1c9e-0000-4000-8000-000000000001"]}, "--check")
    assert (code, failed) == (0, []), said
    assert changed > 0
    assert fleet.lab.out("cat", DROP_IN) == before


def test_a_change_reaches_the_running_daemon(fleet):
    fleet.play(FIRST)
    pid = fleet.lab.daemon_pid()
    group = "3f2b1c9e-0000-4000-8000-000000000001"
    code, changed, failed, said = fleet.play({**FIRST, "himmelblau_allow_groups": [group], "himmelblau_domain_options": {"example.com": {"home_attr": "UUID"}}})
    assert (code, failed) == (0, []), said
    assert changed > 0
    assert any(group in line and "50-fleet.conf" in line for line in effective(fleet.lab, "pam_allow_groups"))
    assert fleet.lab.daemon_pid() == pid, "nothing was restarted"


@pytest.mark.parametrize("options, reason", [
    ({"subid_range": "3000000-4000000", "idmap_range": "3500000-5000000"}, "overlaps subid_range"),
    ({"pam_allow_groups": "all staff\nnot a line of a configuration", "connection_timeout": "soon"}, "connection_timeout"),
])
def test_options_that_cannot_be_used_are_taken_back(fleet, options, reason):
    fleet.play(FIRST)
    before = fleet.lab.out("cat", DROP_IN)
    code, _, failed, said = fleet.play({**FIRST, "himmelblau_options": options})
    assert code != 0, said
    assert "The play fails with the reason" in failed, said
    assert reason in said, said
    assert fleet.lab.out("cat", DROP_IN) == before
    assert fleet.lab.out("ls", "/etc/himmelblau/himmelblau.conf.d") == "50-fleet.conf"
    assert fleet.lab.out("aad-tool", "status").startswith("working!")


def test_without_a_domain_nothing_is_touched(fleet):
    fleet.lab.out("rm", "-f", DROP_IN)
    code, changed, failed, said = fleet.play({"himmelblau_domains": []})
    assert code != 0, said
    assert (changed, failed) == (0, ["The domains are set"]), said
    assert fleet.lab.run("test", "-e", DROP_IN).returncode == 1
