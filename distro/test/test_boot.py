"""Booting with our packages: nothing waits for himmelblaud."""

import time

from host import Host
from test_life import INSTALL, LOCAL_USER, PRESEED, SIGN_IN, UNITS, await_active

BOOTS, MOST_BOOTS = 3, 8


def seconds_to_multi_user(host):
    """From the start of systemd to multi-user.target, as systemd itself says."""
    shown = host.run(
        "systemctl show -p ActiveEnterTimestampMonotonic --value multi-user.target; systemctl show -p UserspaceTimestampMonotonic --value"
    ).stdout.split()
    return (int(shown[0]) - int(shown[1])) / 1e6


def shortest(host, enough=None):
    """Of several boots, for the machine has other things to do; of more while none was short enough."""
    times = []
    while len(times) < BOOTS or (enough and min(times) > enough and len(times) < MOST_BOOTS):
        host.power_off()
        host.boot()
        times.append(seconds_to_multi_user(host))
    return min(times)


def test_a_boot_takes_no_longer(release, debs):
    with Host(release) as host:
        before = shortest(host)
        host.put(*debs)
        host.run(PRESEED)
        host.run(INSTALL)
        # A tenth, or what a process more costs where a boot takes less than a second.
        limit = max(before * 1.1, before + 0.15)
        after = shortest(host, enough=limit)
        print(f"\n{release}: multi-user.target after {before:.2f} s, with us {after:.2f} s")
        await_active(host, *UNITS)
        assert after <= limit
        assert "ordering cycle" not in host.run("journalctl -b --no-pager").stdout


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
        assert host.run("systemctl is-active himmelblaud", check=False).stdout.strip() == "activating"
        begun = time.monotonic()
        host.run(SIGN_IN)
        host.run("su -c true local1")
        assert time.monotonic() - begun < 10
        assert host.run("systemctl is-active himmelblaud", check=False).stdout.strip() == "activating"
