"""The rpm packages in a booted Debian: systemd, sysusers, tmpfiles, ldconfig and the daemon are real.

authselect, pam-config and semodule are stand-ins that write down their calls: what they would do needs the files of their systems.
rpm puts the files into the host; each of its scripts then runs inside, in rpm's order, because rpm itself would run them in a chroot,
where no systemd answers.
"""

import os
import re
import shutil
import subprocess

import pytest
from debs import ROOT
from host import Host
from test_life import LOCAL_USER, SIGN_IN, UNITS, active, await_active

BUILT = ROOT / "distro/target/rpm"
PACKAGES = ("himmelblau", "nss-himmelblau", "pam-himmelblau", "himmelblau-selinux")
STAND_INS = {
    "authselect": 'case $1 in current) cat /etc/authselect/selection ;; select) shift; echo "${*% --force}" >/etc/authselect/selection ;; esac',
    "semodule": 'case $1 in -l) echo himmelblaud ;; -i) test -e "$2" ;; esac',
    "pam-config": "",
    "make": 'touch "$2/himmelblaud.pp"',
    "selinuxenabled": "exit 1",
}
pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("rpmbuild"), reason="needs root and rpmbuild")


@pytest.fixture(scope="module")
def rpms():
    """With the real image; built when they are missing or older than it."""
    image = ROOT / "runtime/target/image.sources"
    if not any(path.stat().st_mtime > image.stat().st_mtime for path in BUILT.glob("*.rpm")):
        subprocess.run([ROOT / "distro/build", "rpm", "--fast", "--as-built"], check=True)
    found = {package: next(BUILT.glob(f"{package}-[0-9]*.rpm")) for package in PACKAGES}
    return found


class RpmHost:
    def __init__(self, host, rpms):
        self.host, self.rpms = host, rpms

    def _rpm(self, *words):
        subprocess.run(["rpm", "--root", self.host.root, *map(str, words)], check=True, capture_output=True, text=True)

    def _script(self, package, tag, count):
        """One script of a package, inside, with the number of instances that rpm gives it; what it printed."""
        text = subprocess.run(["rpm", "-qp", "--qf", f"%{{{tag}}}", self.rpms[package]], check=True, capture_output=True, text=True).stdout
        if text == "(none)":
            return ""
        (self.host.root / "root/script").write_text(text)
        done = self.host.run(f"sh /root/script {count} 2>&1", check=False)
        assert done.returncode == 0, (package, tag, done.stdout)
        return done.stdout

    def install(self):
        said = ""
        for package in PACKAGES:
            said += self._script(package, "PREIN", 1)
            self._rpm("-i", "--nodeps", "--noscripts", self.rpms[package])
            said += self._script(package, "POSTIN", 1)
        return said + "".join(self._script(package, "POSTTRANS", 1) for package in PACKAGES)

    def upgrade(self):
        """To the same files."""
        said = "".join(self._script(package, "POSTIN", 2) for package in PACKAGES)
        said += "".join(self._script(package, tag, 1) for package in PACKAGES for tag in ("PREUN", "POSTUN"))
        return said + "".join(self._script(package, "POSTTRANS", 2) for package in PACKAGES)

    def erase(self):
        said = ""
        for package in reversed(PACKAGES):
            said += self._script(package, "PREUN", 0)
            assert "himmelblau" not in self.host.run("cat /etc/nsswitch.conf").stdout or package not in ("nss-himmelblau", "himmelblau"), "the word goes before the module"
            self._rpm("-e", "--nodeps", "--noscripts", package)
            said += self._script(package, "POSTUN", 0)
            self.host.run("getent passwd root local1 && " + SIGN_IN)
        return said

    def calls(self):
        """What the stand-ins were asked for since the last time."""
        text = self.host.run("cat /calls; : >/calls").stdout
        return [re.sub(r" \S*/himmelblaud\.pp", " himmelblaud.pp", line) for line in text.splitlines() if not line.startswith("make ")]


@pytest.fixture(scope="module", params=("debian-12", "debian-13"))
def host(request, rpms):
    with Host(request.param) as host:
        host.run(LOCAL_USER)
        host.run("mkdir -p /etc/authselect /etc/himmelblau /etc/selinux /usr/share/selinux/devel; : >/calls; echo minimal >/etc/authselect/selection")
        host.run("echo SELINUX=permissive >/etc/selinux/config; touch /usr/share/selinux/devel/Makefile")
        # PAM files that authselect writes, as pam-entries recognises them; Debian's own stay in use.
        host.run("touch /etc/authselect/system-auth; ln -s /etc/authselect/system-auth /etc/pam.d/system-auth")
        host.run("printf '[global]\\ndomain = example.com\\n' >/etc/himmelblau/himmelblau.conf")
        host.run("echo /usr/lib64 >/etc/ld.so.conf.d/lib64.conf")  # a place of libraries on these systems only
        for name, body in STAND_INS.items():
            path = host.root / "usr/local/sbin" / name
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>/calls\n{body}\n')
            path.chmod(0o755)
        host.command = _with_stand_ins(host.command)
        yield RpmHost(host, rpms)


def _with_stand_ins(command):
    return lambda text: command(f"PATH=/usr/local/sbin:$PATH; {text}")


def test_installed_it_runs(host):
    said = host.install()
    assert "did not start" not in said
    await_active(host.host, *UNITS)
    assert host.host.run("systemctl --failed --no-legend").stdout == ""
    assert host.host.run("aad-tool status").stdout.startswith("working!")
    assert host.host.run("stat -c '%U %a' /var/lib/himmelblaud").stdout == "himmelblaud 700\n"
    assert "himmelblau" in host.host.run("grep ^passwd: /etc/nsswitch.conf").stdout
    assert host.calls() == ["authselect current --raw", "authselect select himmelblau", "semodule -i himmelblaud.pp", "selinuxenabled "]
    # The module is found, and answers that there is nobody.
    assert host.host.run("getent passwd nobody-of-this-name@example.com", check=False).returncode == 2
    host.host.run("ldconfig -p | grep -q /usr/lib64/libnss_himmelblau.so.2")
    host.host.run("for name in root local1; do getent passwd $name; done && " + SIGN_IN)


def test_an_upgrade_starts_the_new_daemon_and_asks_for_nothing_twice(host):
    before = host.host.run("systemctl show -p MainPID --value himmelblaud").stdout
    host.upgrade()
    await_active(host.host, *UNITS)
    assert host.host.run("systemctl show -p MainPID --value himmelblaud").stdout != before
    assert host.host.run("grep -c himmelblau /etc/nsswitch.conf").stdout == "3\n"
    assert host.calls() == ["authselect current --raw", "authselect apply-changes", "semodule -i himmelblaud.pp", "selinuxenabled "]


def test_after_a_boot_it_runs(host):
    host.host.power_off()
    host.host.boot()
    await_active(host.host, *UNITS)
    assert host.host.run("systemctl --failed --no-legend").stdout == ""


def test_erased_nothing_of_it_is_left_but_the_state(host):
    said = host.erase()
    assert "keys and PINs of this computer are kept" in said
    assert host.calls() == ["semodule -l", "semodule -r himmelblaud", "selinuxenabled ", "authselect current --raw", "authselect select minimal"]
    assert not any(active(host.host, unit) for unit in UNITS)
    assert host.host.run("systemctl list-unit-files --no-legend 'himmelblau*'", check=False).stdout == ""
    assert "himmelblau" not in host.host.run("cat /etc/nsswitch.conf").stdout
    assert host.host.run("find /etc/systemd /usr/lib64 /usr/lib/himmelblau -iname '*himmelblau*'", check=False).stdout == ""
    host.host.run("test -d /var/lib/himmelblaud && " + SIGN_IN)
