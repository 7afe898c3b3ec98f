"""The units on the real systemd of each release."""

import re

import pytest
from host import Host
from test_life import INSTALL, PRESEED, UNITS, await_active

HIGHEST = {"himmelblaud.service": 2.0, "himmelblaud-tasks.service": 3.0, "himmelblau-userdb.service": 1.0}


@pytest.fixture(scope="module", params=("debian-12", "debian-13"))
def host(request, debs):
    with Host(request.param) as host:
        host.put(*debs)
        host.run(PRESEED)
        host.run(INSTALL)
        await_active(host, *UNITS)
        yield host


def test_verify_finds_nothing(host):
    done = host.run(f"systemd-analyze verify --man=no {' '.join(UNITS)} himmelblaud-tasks.path 2>&1", check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("unit", UNITS)
def test_exposure(host, unit):
    last = host.run(f"systemd-analyze security --no-pager {unit}").stdout.splitlines()[-1]
    assert float(re.search(r"(\d+\.\d)", last)[1]) <= HIGHEST[unit], last


def test_daemon_may_use_the_tpm_and_security_keys_and_no_other_device(host):
    allowed = host.run("systemctl show -p DeviceAllow --value himmelblaud").stdout.split()
    # ProtectClock= adds the clock, to be read.
    assert dict(zip(allowed[::2], allowed[1::2])) == {"/dev/tpm0": "rw", "/dev/tpmrm0": "rw", "char-hidraw": "rw", "char-rtc": "r"}


def test_udev_gives_the_daemon_security_keys_only(host):
    rule = "/usr/lib/udev/rules.d/70-himmelblau-security-key.rules"
    lines = [line for line in host.run(f"cat {rule}").stdout.splitlines() if not line.startswith("#")]
    assert len(lines) == 1 and 'ENV{ID_FIDO_TOKEN}=="1"' in lines[0] and 'OWNER="himmelblaud"' in lines[0] and "MODE" not in lines[0]
    if host.run("command -v udevadm && udevadm verify --help", check=False).returncode == 0:  # systemd 254
        assert host.run(f"udevadm verify {rule} 2>&1", check=False).returncode == 0


def test_type_is_notify_reload_where_systemd_knows_it(host):
    version = int(host.run("systemctl --version").stdout.split()[1])
    kind = host.run("systemctl show -p Type --value himmelblaud").stdout.strip()
    assert kind == ("notify-reload" if version >= 253 else "notify")


def test_relay_has_a_user_of_its_own_and_reaches_the_daemon(host):
    process = host.run("systemctl show -p MainPID --value himmelblau-userdb").stdout.strip()
    assert host.run(f"stat -c %U /proc/{process}").stdout.strip() == "himmelblau-userdb"
    assert host.run("stat -c '%a %U %G' /run/himmelblaud/userdb").stdout.strip() == "660 himmelblaud himmelblau-userdb"
    # The daemon answers through it: unknown for sure, not "not available now".
    said = host.run("userdbctl --with-nss=no user 4000000000 2>&1", check=False).stdout
    assert "does not exist" in said or "not found" in said.lower() or "No such" in said, said


def test_others_do_not_reach_the_daemon_past_the_relay(host):
    host.run("id other >/dev/null 2>&1 || useradd other")
    program = "import socket; socket.socket(socket.AF_UNIX).connect('/run/himmelblaud/userdb')"
    assert "PermissionError" in host.run(f"su other -c \"python3 -c \\\"{program}\\\"\" 2>&1", check=False).stdout


@pytest.mark.parametrize("path", ["/tmp/of-others", "/var/tmp/of-others", "/var/lib/himmelblaud/hsm-pin"])
def test_root_helper_does_not_see(host, path):
    host.run("touch /tmp/of-others /var/tmp/of-others")
    host.run("systemctl start himmelblaud-tasks")
    process = host.run("systemctl show -p MainPID --value himmelblaud-tasks").stdout.strip()
    host.run(f"test -e {path}")
    assert host.run(f"nsenter -t {process} -m test -e {path}", check=False).returncode != 0


def test_watchdog_restarts_a_daemon_that_hangs(host):
    host.run(
        "mkdir -p /run/systemd/system/himmelblaud.service.d;"
        "printf '[Service]\\nWatchdogSec=6s\\n' >/run/systemd/system/himmelblaud.service.d/50-test.conf;"
        "systemctl daemon-reload; systemctl restart himmelblaud"
    )
    await_active(host, *UNITS)
    process = host.run("systemctl show -p MainPID --value himmelblaud").stdout.strip()
    # Alive and working, it is left alone for longer than the time.
    host.run("sleep 10")
    assert host.run("systemctl show -p MainPID --value himmelblaud").stdout.strip() == process
    host.run(f"kill -STOP {process}")
    host.run("for i in $(seq 60); do journalctl -u himmelblaud --no-pager | grep -q 'Watchdog timeout' && exit 0; sleep 0.5; done; exit 1")
    host.run("rm /run/systemd/system/himmelblaud.service.d/50-test.conf; systemctl daemon-reload")
    host.run("systemctl restart himmelblaud")
    await_active(host, *UNITS)
