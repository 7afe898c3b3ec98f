"""An upgrade while directory users are enrolled, signed in, and signing in."""

import os
import sys
import time

import pytest
from debs import OLDER, ROOT, field, with_version

sys.path.append(str(ROOT / "testing/e2e"))

from running_lab import DOMAIN, PIN, RunningLab  # noqa: E402

LOOP = """
while [ ! -e /root/stop ]; do
    getent passwd "$1" >/dev/null || echo "FAILED getent passwd"
    id -G "$1" >/dev/null || echo "FAILED id"
    said=$(echo "$2" | pamtester sshd "$1" authenticate acct_mgmt 2>&1) || echo "FAILED sign-in: $said"
    echo round
done
"""


@pytest.fixture
def lab(tmp_path, monkeypatch):
    if OLDER:
        monkeypatch.setenv("HIMMELBLAU_LAB_DEBS", OLDER)
    conf = tmp_path / "himmelblau.conf"
    conf.write_text(f"[global]\ndomain = {DOMAIN}\n")
    running_lab = RunningLab(f"e2e-upgrade{os.getpid()}", conf).up()
    yield running_lab
    running_lab.down()


def test_pins_sessions_and_lookups_outlast_an_upgrade(lab, debs, tmp_path):
    user = lab.new_user().enrol()
    newer = debs if OLDER else with_version(debs, "1:9.0.0", tmp_path / "newer")
    version = field(newer[0], "Version")
    assert lab.out("dpkg-query", "-W", "-f", "${Version}", "himmelblau") != version
    lab.run("mkdir", "-p", "/root/packages")
    for deb in newer:
        lab.put(deb, "/root/packages")
    before = lab.daemon_pid()
    lab.write("/root/loop", LOOP)
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        lab.run("sh", "-c", f"sh /root/loop {user.name} {PIN} >/root/loop.log 2>&1 & sleep 1")
        upgrade = lab.run("sh", "-c", "apt-get -y --no-install-recommends install /root/packages/*.deb 2>&1", timeout=300)
        time.sleep(2)
        lab.run("touch", "/root/stop")
        assert upgrade.returncode == 0, upgrade.stdout
        assert session.ask("id -un").strip() == user.name
    assert lab.out("dpkg-query", "-W", "-f", "${Version}", "himmelblau") == version
    assert lab.daemon_pid() != before
    said = lab.out("cat", "/root/loop.log")
    assert "FAILED" not in said, said
    assert said.count("round") >= 3
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
