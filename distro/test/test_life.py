"""The life of the packages on a host: install, reinstall, upgrade, downgrade, removal, purge; and that local users sign in all the time."""

import re
import time

import pexpect
import pytest
from host import Host

UNITS = ("himmelblaud.service", "himmelblaud-tasks.service", "himmelblau-userdb.service")
PRESEED = "echo 'himmelblau himmelblau/domain string example.onmicrosoft.com' | debconf-set-selections"
INSTALL = "apt-get -y --no-install-recommends install /root/packages/*.deb 2>&1"
LOCAL_USER = "useradd -m local1 && echo local1:Secret-Local-1 | chpasswd"
SIGN_IN = "echo Secret-Local-1 | pamtester sshd local1 authenticate acct_mgmt open_session close_session"
# Lookups and sign-ins of local accounts, without a pause, each failure a line.
LOOP = f"""
while [ ! -e /root/stop ]; do
    getent passwd local1 >/dev/null || echo "FAILED getent passwd local1"
    getent group 0 >/dev/null || echo "FAILED getent group 0"
    said=$({SIGN_IN} 2>&1) || echo "FAILED password sign-in: $said"
    said=$(su -c true local1 2>&1) || echo "FAILED su to local1: $said"
    said=$(su -c true root 2>&1) || echo "FAILED su to root: $said"
    echo round
done
"""
# What dpkg, apt, systemd and the host itself write while packages come and go.
NOT_OURS = re.compile(
    r"/(var/lib/(dpkg|apt|ucf|pam|systemd|private)|var/cache/(apt|debconf|ldconfig)|var/log|run|tmp|var/tmp|root|home/local1|var/mail|proc|sys|dev)(/|$)"
    r"|/etc/(ld\.so\.cache|\.pwd\.lock|machine-id|(passwd|group|shadow|gshadow|subuid|subgid)-?)$|/var/(lib|cache)/?$|/etc/?$"
)


class Loop:
    """Runs LOOP during the block; afterwards nothing may have failed, and it must have gone around."""

    def __init__(self, host):
        self.host = host

    def __enter__(self):
        self.host.run("rm -f /root/stop")
        self.running = self.host.start(LOOP)
        time.sleep(1)

    def __exit__(self, kind, *_):
        self.host.run("touch /root/stop")
        said = self.running.communicate(timeout=60)[0]
        if kind is None:
            assert "FAILED" not in said, said
            assert said.count("round") >= 3, said


def files(host):
    """All files except those that do not belong to our packages."""
    listed = host.run("find / -xdev -not -path '/proc/*' 2>/dev/null", check=False).stdout.splitlines()
    return {path for path in listed if not NOT_OURS.search(path)}


def active(host, unit):
    return host.run(f"systemctl is-active {unit}", check=False).stdout.strip() == "active"


def await_active(host, *units):
    end = time.monotonic() + 60
    while not all(active(host, unit) for unit in units):
        assert time.monotonic() < end, host.run("systemctl status --no-pager -n 30 'himmelblau*'", check=False).stdout
        time.sleep(0.3)


def sum_of_state(host):
    return host.run("cd /var && sha256sum lib/himmelblaud/hsm-pin && stat -c '%i %U %a' lib/himmelblaud/hsm-pin").stdout


def test_install_reinstall_downgrade_remove_purge(release, debs, older):
    with Host(release) as host:
        host.run(LOCAL_USER)
        before = files(host)
        stacks = host.run("cat /etc/nsswitch.conf /etc/pam.d/common-*").stdout

        host.put(*debs)
        host.run(PRESEED)
        with Loop(host):
            host.run(INSTALL)
        await_active(host, *UNITS)
        _installed(host)

        _configuration_of_the_administrator_stays(host)
        _older_is_refused(host, debs, older)

        _unlock_profile(host)
        state = sum_of_state(host)
        with Loop(host):
            host.run("apt-get -y remove himmelblau 2>&1")
        assert host.run("cat /etc/nsswitch.conf /etc/pam.d/common-*").stdout == stacks
        assert host.run("ls /usr/lib/himmelblau /run/systemd/userdb/himmelblau", check=False).returncode != 0
        assert host.run("systemctl list-units --no-legend --plain 'himmelblau*'").stdout == ""
        assert sum_of_state(host) == state
        assert "pam_allow_groups" in host.run("cat /etc/himmelblau/himmelblau.conf").stdout

        with Loop(host):
            said = host.run("apt-get -y purge himmelblau himmelblau-sshd-config himmelblau-selinux himmelblau-apparmor himmelblau-qr-greeter himmelblau-broker himmelblau-sso himmelblau-sso-policies o365 nss-himmelblau pam-himmelblau 2>&1").stdout
        assert "the keys, PINs and cached users of this computer were deleted permanently" in said
        assert host.run("grep -rl himmelblau /etc/pam.d", check=False).stdout == ""
        assert files(host) - before == set()
        # Made by base-files without being a file of that package: dpkg removes it with the last directory in it, Chrome's own.
        assert before - files(host) <= {"/etc/opt"}
        assert "himmelblau" not in host.run("dpkg -l '*himmelblau*' 2>&1 | grep -v '^un' ; debconf-show himmelblau", check=False).stdout.replace("no packages found matching *himmelblau*", "")


def _installed(host):
    assert "domain = example.onmicrosoft.com" in host.run("cat /etc/himmelblau/himmelblau.conf").stdout
    for database in ("passwd", "group", "shadow"):
        assert re.search(rf"^{database}:.*\bfiles\b.* himmelblau$", host.run("cat /etc/nsswitch.conf").stdout, re.MULTILINE)
    assert "pam_himmelblau.so" in host.run("cat /etc/pam.d/common-auth").stdout
    assert host.run("aad-tool status").stdout.startswith("working!")
    assert host.run("systemctl --failed --no-legend").stdout == ""
    assert "ordering cycle" not in host.run("journalctl -b --no-pager").stdout
    host.run("sshd -T | grep -qi '^kbdinteractiveauthentication yes'")
    # Programs can be asked for a reload, and know when it is done.
    host.run("systemctl reload himmelblaud")
    await_active(host, "himmelblaud.service")  # systemd 252 may still say "reloading"


def _unlock_profile(host):
    """Not on by itself; its line comes after those that decide."""
    unlock = "pam_himmelblau.so try_unseal"
    assert unlock not in host.run("cat /etc/pam.d/common-auth").stdout
    host.run("pam-auth-update --enable himmelblau-unlock 2>&1")
    lines = [line for line in host.run("cat /etc/pam.d/common-auth").stdout.splitlines() if line and not line.startswith("#")]
    assert re.fullmatch(rf"auth\s+optional\s+{re.escape(unlock)}", lines[-1])
    assert lines.index(next(line for line in lines if "pam_permit.so" in line)) < len(lines) - 1


def _configuration_of_the_administrator_stays(host):
    host.run("printf '[global]\\ndomain = example.com\\npam_allow_groups = a@example.com\\n' >/etc/himmelblau/himmelblau.conf")
    host.run("sed -i 's/^shadow:.*/shadow: files/' /etc/nsswitch.conf; cp /etc/nsswitch.conf /root/nsswitch")
    host.run("apt-get -y reinstall /root/packages/*.deb 2>&1")
    text = host.run("cat /etc/himmelblau/himmelblau.conf").stdout
    assert text == "[global]\ndomain = example.com\npam_allow_groups = a@example.com\n"
    host.run("cmp /etc/nsswitch.conf /root/nsswitch")  # who took the word out of a line wants it so
    host.run("sed -i 's/^shadow:.*/shadow:         files systemd himmelblau/' /etc/nsswitch.conf")
    await_active(host, *UNITS)


def _older_is_refused(host, debs, older):
    state, process = sum_of_state(host), host.run("systemctl show -p MainPID himmelblaud").stdout
    host.put(*older)
    done = host.run("apt-get -y --allow-downgrades install /root/packages/*.deb 2>&1", check=False)
    assert done.returncode != 0
    assert "the older 1:0.0.1 cannot read" in done.stdout
    assert sum_of_state(host) == state
    assert host.run("systemctl show -p MainPID himmelblaud").stdout == process
    host.run(SIGN_IN)
    assert host.run("dpkg-query -W -f '${db:Status-Status}' himmelblau").stdout == "installed"
    host.put(*debs)
    host.run("apt-get -y -f install 2>&1; " + INSTALL)
    await_active(host, *UNITS)


def test_upgrade_while_local_users_sign_in(release, debs, older):
    with Host(release) as host:
        host.run(LOCAL_USER)
        host.put(*older)
        host.run(PRESEED)
        host.run(INSTALL)
        await_active(host, *UNITS)
        state, process = sum_of_state(host), host.run("systemctl show -p MainPID himmelblaud").stdout
        host.put(*debs)
        with Loop(host):
            host.run(INSTALL)
        assert host.run("systemctl show -p MainPID himmelblaud").stdout != process  # the new one runs
        await_active(host, *UNITS)
        assert sum_of_state(host) == state
        # After a reboot everything is up, without a failed unit.
        host.power_off()
        host.boot()
        await_active(host, *UNITS)
        assert host.run("systemctl --failed --no-legend").stdout == ""


def test_newer_state_is_refused_after_removal(debs, older):
    """The state outlives the package; so does what keeps an older one away from it."""
    with Host("debian-13", boot=False) as host:
        host.put(*debs)
        host.run(PRESEED)
        host.run(INSTALL)
        host.run("apt-get -y remove himmelblau 2>&1")
        host.put(*older)
        done = host.run(INSTALL.replace(" install", " --allow-downgrades install"), check=False)
        assert done.returncode != 0
        assert "cannot read" in done.stdout
        host.run("apt-get -y purge himmelblau himmelblau-sshd-config himmelblau-selinux himmelblau-apparmor himmelblau-qr-greeter himmelblau-broker himmelblau-sso himmelblau-sso-policies o365 nss-himmelblau pam-himmelblau 2>&1")
        host.run(INSTALL)


def test_in_a_chroot_nothing_fails_and_nothing_starts(release, debs, older):
    with Host(release, boot=False) as host:
        for packages in (older, debs):
            host.put(*packages)
            said = host.run(INSTALL).stdout
            assert "himmelblaud did not start" not in said
        assert host.run("pgrep -f himmelblau/java", check=False).stdout == ""
        # Nobody was asked, so there is no configuration; the units start with the next boot.
        assert host.run("ls -A /etc/himmelblau").stdout == ""
        host.run("test -L /etc/systemd/system/systemd-user-sessions.service.wants/himmelblaud.service")
        host.run("getent passwd himmelblaud himmelblau-userdb")
        host.run("apt-get -y purge himmelblau himmelblau-sshd-config himmelblau-selinux himmelblau-apparmor himmelblau-qr-greeter himmelblau-broker himmelblau-sso himmelblau-sso-policies o365 nss-himmelblau pam-himmelblau 2>&1")
        assert "himmelblau" not in host.run("cat /etc/nsswitch.conf /etc/pam.d/common-*").stdout


def test_an_administrator_at_a_terminal_is_asked_one_question(debs):
    with Host("debian-13", boot=False) as host:
        host.put(*debs)
        command = host.command("DEBIAN_FRONTEND=readline TERM=dumb " + INSTALL)
        child = pexpect.spawn(command[0], command[1:], encoding="utf-8", timeout=300)
        child.expect("Domain whose users may sign in: *$")
        child.send("example.org\r")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0, child.before
        assert "domain = example.org\n" in host.run("cat /etc/himmelblau/himmelblau.conf").stdout
        assert host.run("debconf-show himmelblau").stdout == "* himmelblau/domain: example.org\n"
        assert host.run("for each in nss-himmelblau pam-himmelblau himmelblau-sshd-config; do debconf-show $each; done").stdout == ""
        host.run("apt-get -y reinstall /root/packages/*.deb 2>&1 </dev/null")


@pytest.mark.parametrize("answer", ["", "not a domain", "example.com\\nshell = /bin/evil"])
def test_a_useless_answer_writes_nothing(debs, answer):
    with Host("debian-12", boot=False) as host:
        host.put(*debs)
        host.run(f"printf 'himmelblau himmelblau/domain string {answer}\\n' | debconf-set-selections", check=False)
        host.run(INSTALL)
        assert "evil" not in host.run("cat /etc/himmelblau/* 2>/dev/null", check=False).stdout


def test_removal_puts_the_greeters_dconf_back(debs):
    """With the real GDM and dconf: on for the sign-in screen and the lock screens of all users, then as if it had never been there."""

    def databases():
        return host.run("find /etc/dconf /usr/share/gdm /usr/share/gdm3 /var/lib/gdm3 /var/lib/himmelblau-qr-greeter -exec stat -c '%n %A %U %G' {} + 2>/dev/null | sort", check=False).stdout

    def extensions(profile):
        return host.run(f"DCONF_PROFILE={profile} dconf read /org/gnome/shell/enabled-extensions").stdout.strip()

    def greeter_defaults():
        return host.run("strings -a /var/lib/gdm3/greeter-dconf-defaults 2>/dev/null || grep -a -o '[[:print:]]*' /var/lib/gdm3/greeter-dconf-defaults").stdout

    with Host("debian-13-gnome", boot=False) as host:
        host.run("/usr/share/gdm/generate-config")  # as each start of GDM does
        before, profiles = databases(), host.run("cat /etc/dconf/profile/* /usr/share/dconf/profile/* 2>/dev/null", check=False).stdout
        assert "qr-greeter" not in greeter_defaults() + extensions("user")
        host.put(*[deb for deb in debs if deb.name.startswith("himmelblau-qr-greeter_")])
        host.run("dpkg --force-depends --install /root/packages/*.deb 2>&1")
        assert "qr-greeter@himmelblau-idm.org" in greeter_defaults()
        assert extensions("user") == "['qr-greeter@himmelblau-idm.org']"
        host.run("dpkg --remove himmelblau-qr-greeter 2>&1")
        assert "qr-greeter" not in greeter_defaults() + extensions("user")
        assert databases() == before
        assert host.run("cat /etc/dconf/profile/* /usr/share/dconf/profile/* 2>/dev/null", check=False).stdout == profiles
