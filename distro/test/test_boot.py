"""Booting with our packages: nothing waits for himmelblaud."""

import time

from host import Host
from test_life import INSTALL, LOCAL_USER, PRESEED, SIGN_IN, UNITS, await_active


def test_no_boot_waits_for_the_daemon(release, debs):
    """Neither directly nor by way of another unit. How long a boot takes with us and without is measured by testing/e2e/test_real_host_boot.py."""
    with Host(release) as host:
        host.put(*debs)
        host.run(PRESEED)
        host.run(INSTALL)
        host.power_off()
        host.boot()
        await_active(host, *UNITS)
        for target in ("multi-user.target", "systemd-user-sessions.service", "nss-user-lookup.target", "getty.target"):
            assert "himmelblau" not in host.run(f"systemctl list-dependencies --after --plain --all {target}").stdout, target
        assert "ordering cycle" not in host.run("journalctl -b --no-pager").stdout
        assert host.run("systemctl --failed --no-legend").stdout == ""


def test_local_users_sign_in_while_the_daemon_does_not_start(debs):
    with Host("debian-13") as host:
        host.run(LOCAL_USER)
        host.put(*debs)
        host.run(PRESEED)
        host.run(INSTALL)
        host.run(
            "mkdir -p /etc/systemd/system/himmelblaud.service.d;"
            "printf '[Service]\\nExecStartPre=/bin/sleep 80\\n' >/etc/systemd/system/himmelblaud.service.d/50-test.conf"
        )
        host.power_off()
        host.boot(wait=False)
        end = time.monotonic() + 60
        while host.run("systemctl is-active multi-user.target", check=False).stdout.strip() != "active":
            assert time.monotonic() < end
            time.sleep(0.1)
        # Nothing orders the two units, so the target may be there before the daemon's start has begun.
        while host.run("systemctl is-active himmelblaud", check=False).stdout.strip() != "activating":
            assert time.monotonic() < end
            time.sleep(0.1)
        begun = time.monotonic()
        host.run(SIGN_IN)
        host.run("su -c true local1")
        assert time.monotonic() - begun < 10
        assert host.run("systemctl is-active himmelblaud", check=False).stdout.strip() == "activating"
