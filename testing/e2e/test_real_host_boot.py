"""Boots: the host comes up as soon as without us and its own accounts sign in, whatever network and tenant do; enrolled users by PIN."""

import subprocess
import time

import pytest

from boots import compare
from conftest import here
from real_host import AT_ONCE, LOCAL, LOCAL_PASSWORD, make_local, sign_in, works_at_once
from running_lab import LAB, PIN, TerminalSession, RunningLab

NO_NETWORK = "/etc/systemd/system/no-network.service"
NO_LONGER, LEAST_BOOTS, MOST_BOOTS = 1.1, 3, 12
DELAYED = "/etc/systemd/system/himmelblau-userdb.service.d/50-delayed.conf"
OURS = ("himmelblaud.service", "himmelblaud-tasks.path", "himmelblaud-tasks.service", "himmelblau-userdb.service")


@pytest.fixture(scope="module")
def lab(conf):
    """One of its own, to boot."""
    running_lab = RunningLab(here("e2e-boot"), conf())
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    running_lab.up()
    make_local(running_lab)
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="module")
def user(lab):
    return lab.new_user().enrol()


def log_in(lab, name, prompt, answer, timeout):
    """On a terminal, which needs no network."""
    with lab.terminal("login", timeout=timeout) as terminal:
        terminal.until("login: ")
        terminal.type(name)
        terminal.until(prompt)
        terminal.type(answer)
        session = TerminalSession(terminal)
        session.shell()
        assert session.ask("id -un") == name


def local_signs_in_at_once(lab):
    log_in(lab, LOCAL, "Password: ", LOCAL_PASSWORD, AT_ONCE)
    works_at_once(lab, "su", "-", LOCAL, "-c", "true")


def test_no_unit_is_in_a_cycle(lab):
    done = lab.run("systemd-analyze", "verify", "--man=no", "default.target", *OURS)
    assert "cycle" not in done.stdout + done.stderr and "himmelblau" not in done.stdout + done.stderr, done.stderr
    assert "ordering cycle" not in lab.out("journalctl", "-b", "--no-pager", "--quiet", "-o", "cat")
    assert lab.run("systemctl", "--failed", "--no-legend", "--plain", "list-units", "himmelblau*").stdout == ""


def test_no_boot_waits_for_us(lab):
    """Neither directly nor by way of another unit: also not for the relay, whose start alone makes a short boot a tenth longer."""
    for target in ("multi-user.target", "systemd-user-sessions.service", "nss-user-lookup.target", "getty.target"):
        before = lab.out("systemctl", "list-dependencies", "--after", "--plain", "--all", target)
        assert "himmelblau" not in before, target


def boots_as_without_us(lab):
    """Ends with a boot with us, whose local accounts sign in at once, whether the daemon is ready or not."""
    ours, theirs = compare(lab, NO_LONGER, LEAST_BOOTS, MOST_BOOTS)
    print(f"multi-user.target with us after {shown(ours)} s, without us after {shown(theirs)} s")
    assert min(ours) <= NO_LONGER * min(theirs), f"multi-user.target after {shown(ours)} s, without us after {shown(theirs)} s"
    local_signs_in_at_once(lab)
    lab.start()


def shown(times):
    return " ".join(f"{each:.3f}" for each in times)


def somebody_new_is_asked(lab, seconds=30):
    """Nothing is restarted: the directory can be reached again, and is asked."""
    new = lab.new_user()
    with new.ssh(timeout=seconds) as session:
        session.see(TerminalSession.PASSWORD)


def test_a_wait_of_ours_would_be_seen(lab):
    """Of a unit that the boot waits for, by a third of a boot: not even the shortest of several boots hides it."""
    without = min(compare(lab, NO_LONGER, 1, 1)[1])
    lab.out("mkdir", "-p", DELAYED.rpartition("/")[0])
    lab.write(DELAYED, f"[Unit]\nBefore=multi-user.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=\nExecStart=/bin/sleep {without + 0.3:.2f}\n")
    try:
        ours, theirs = compare(lab, NO_LONGER, LEAST_BOOTS, LEAST_BOOTS)
    finally:
        lab.out("rm", DELAYED)
        lab.out("systemctl", "daemon-reload")
        lab.out("systemctl", "restart", "himmelblau-userdb")
    assert min(ours) > NO_LONGER * min(theirs), f"with us after {shown(ours)} s, without us after {shown(theirs)} s"


def test_the_tenant_is_unreachable(lab, user):
    with lab.offline():
        boots_as_without_us(lab)
        sign_in(user).leave()
    somebody_new_is_asked(lab)


def test_no_network_for_a_minute(lab, user):
    lab.write(
        NO_NETWORK,
        "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\n"
        "ExecStart=/usr/sbin/ip link set lo down\n[Install]\nWantedBy=sysinit.target\n",
    )
    lab.out("systemctl", "enable", "no-network.service")
    try:
        boots_as_without_us(lab)
        begin = time.monotonic()
        assert "UP" not in lab.out("ip", "-br", "link", "show", "lo").split()[2]
        log_in(lab, user.name, "PIN: ", PIN, 30)
        time.sleep(max(0, 60 - (time.monotonic() - begin)))
        local_signs_in_at_once(lab)
        log_in(lab, user.name, "PIN: ", PIN, 30)
    finally:
        lab.out("ip", "link", "set", "lo", "up")
        lab.out("systemctl", "disable", "no-network.service")
    somebody_new_is_asked(lab)
