"""The rpm packages: their files, and what their scripts do at installation, upgrade and removal.

No userland of these systems can be had here. So rpm installs the packages in a chroot over this machine's own Debian, where
authselect, pam-config, systemctl and the like are stand-ins that write down how they were called. The packages hold all files
of distro/files except the Java image, for which a small tree stands: its content makes no difference to the scripts.
"""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import small_stage

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("himmelblau", "nss-himmelblau", "pam-himmelblau", "himmelblau-sshd-config", "himmelblau-selinux", "himmelblau-apparmor", "himmelblau-qr-greeter",
            "himmelblau-broker", "himmelblau-sso", "himmelblau-sso-policies", "o365")
OLD, NEW = "0.1.0", "0.2.0"
UNITS = "himmelblau-userdb.service himmelblaud.service himmelblaud-tasks.path"
STAND_INS = ("systemctl", "systemd-sysusers", "systemd-tmpfiles", "authselect", "pam-config", "semodule", "selinuxenabled", "restorecon", "apparmor_parser", "dconf", "sshd", "ldconfig", "aad-tool")
pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("rpmbuild"), reason="needs root and rpmbuild")


def run(*words, check=True, **options):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120, check=False, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{words}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    return small_stage.lay(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="session")
def packages(stage, tmp_path_factory):
    def build(version):
        into = tmp_path_factory.mktemp("rpm") / version
        run(
            ROOT / "distro/rpm/package", "--fast",
            env={**os.environ, "VERSION": version, "SOURCE_DATE_EPOCH": "1790000000", "STAGE": str(stage), "INTO": str(into)},
        )  # fmt: skip
        found = {re.match(rf"(.*)-{version}-1\.", path.name)[1]: path for path in into.iterdir()}
        assert set(found) == set(PACKAGES)
        return found

    return {version: build(version) for version in (OLD, NEW)}


class Chroot:
    """An overlay over this machine's root; everything written in there goes with it."""

    def __init__(self, directory):
        self.directory = directory
        self.root = directory / "root"

    def __enter__(self):
        run("mount", "-t", "tmpfs", "-o", "mode=0755", "chroot", self.directory)
        for part in ("upper", "work", "root"):
            (self.directory / part).mkdir()
        layers = f"lowerdir=/,upperdir={self.directory}/upper,workdir={self.directory}/work"
        run("mount", "-t", "overlay", "-o", layers, "overlay", self.root)
        for name in ("etc/pam.d", "var/lib/rpm", "etc/himmelblau", "etc/sssd", "etc/authselect", "etc/selinux", "var/lib/himmelblaud", "usr/lib64/security"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for name in ("etc/pam.d", "etc/authselect", "var/lib/rpm", "run/systemd/system", "packages"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.calls = self.root / "calls"
        self.answers = {}
        for name in STAND_INS:
            self.stand_in(name)
        self.write("etc/nsswitch.conf", "passwd: files systemd\ngroup: files systemd\nshadow: files\nhosts: files dns\n")
        return self

    def __exit__(self, *_):
        run("umount", "-l", self.root, check=False)
        run("umount", "-l", self.directory, check=False)

    def write(self, name, text, mode=0o644):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path.unlink()
        path.write_text(text)
        path.chmod(mode)

    def stand_in(self, name, body="exit 0"):
        """A program that writes down its call. aad-tool is one of the package, so its stand-in is found before it."""
        place = {"aad-tool": "sbin", "systemctl": "bin", "systemd-sysusers": "bin", "systemd-tmpfiles": "bin"}.get(name, "usr/sbin")
        self.write(f"{place}/{name}", f'#!/bin/sh\necho "{name} $*" >>/calls\n{body}\n', 0o755)

    def without(self, name):
        (self.root / "usr/sbin" / name).unlink()

    def rpm(self, *words, check=True):
        """Calls and messages of one rpm command."""
        self.calls.write_text("")
        done = run("rpm", "--root", self.root, *words, check=check)
        return self.calls.read_text().splitlines(), done.stdout + done.stderr

    def put(self, action, files, *names):
        chosen = names or PACKAGES
        for name in chosen:
            shutil.copy(files[name], self.root / "packages")
        return self.rpm(action, "--nodeps", *(self.root / "packages" / files[name].name for name in chosen))

    def word_in_nsswitch(self):
        return [line.split(":")[0] for line in (self.root / "etc/nsswitch.conf").read_text().splitlines() if "himmelblau" in line.split()]


@pytest.fixture
def chroot(tmp_path):
    with Chroot(tmp_path) as chroot:
        yield chroot


def with_authselect(chroot, selection):
    """A host whose PAM files authselect writes; the stand-in remembers what is selected."""
    chroot.write("etc/authselect/selection", selection + "\n")
    for name in ("system-auth", "password-auth"):
        chroot.write(f"etc/authselect/{name}", "")
        (chroot.root / "etc/pam.d" / name).symlink_to(f"/etc/authselect/{name}")
    chroot.write("etc/authselect/nsswitch.conf", (chroot.root / "etc/nsswitch.conf").read_text())
    (chroot.root / "etc/nsswitch.conf").unlink()
    (chroot.root / "etc/nsswitch.conf").symlink_to("/etc/authselect/nsswitch.conf")
    chroot.stand_in(
        "authselect",
        'case $1 in current) cat /etc/authselect/selection ;; select) shift; echo "${*% --force}" >/etc/authselect/selection ;; esac',
    )
    chroot.without("pam-config")


def with_pam_config(chroot, body="exit 0"):
    for stack in ("auth", "account", "session", "password"):
        chroot.write(f"etc/pam.d/common-{stack}-pc", f"{stack} required pam_unix.so\n")
        (chroot.root / "etc/pam.d" / f"common-{stack}").symlink_to(f"common-{stack}-pc")
    chroot.stand_in("pam-config", body)
    chroot.without("authselect")


def only(calls, *programs):
    return [call for call in calls if call.split()[0] in programs]


def test_files(chroot, packages, stage):
    chroot.put("-i", packages[OLD])
    for package in PACKAGES:
        there = set(run("rpm", "--root", chroot.root, "-ql", package).stdout.split())
        for of, target, mode, _ in small_stage.listed():
            if of == package:
                assert (target + ".gz" if "/man/" in target else target) in there, target
        for name in there:
            path = chroot.root / name.lstrip("/")
            assert path.is_symlink() or path.exists(), name
            status = path.lstat()
            assert (status.st_uid, status.st_gid) == (0, 0), name
            assert stat.S_ISLNK(status.st_mode) or not status.st_mode & 0o022, name
        # Each file is somebody's, and nothing else came along.
        assert {name for name in there if not (chroot.root / name.lstrip("/")).is_dir()} == {
            "/" + str(path.relative_to(stage / package)) + (".gz" if "/man/" in str(path) else "")
            for path in (stage / package).rglob("*") if path.is_symlink() or path.is_file()
        }  # fmt: skip
    assert run("rpm", "--root", chroot.root, "-qc", "himmelblau-sshd-config").stdout.split() == ["/etc/ssh/sshd_config.d/30-himmelblau.conf"]
    assert run("rpm", "--root", chroot.root, "-V", "--nodeps", *PACKAGES, check=False).stdout == ""


def test_two_builds_are_equal(packages, stage, tmp_path):
    run(
        ROOT / "distro/rpm/package", "--fast",
        env={**os.environ, "VERSION": OLD, "SOURCE_DATE_EPOCH": "1790000000", "STAGE": str(stage), "INTO": str(tmp_path / "again")},
    )  # fmt: skip
    for path in packages[OLD].values():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_requirements(packages):
    for package in PACKAGES[:3]:
        needs = run("rpm", "-qp", "--requires", packages[OLD][package]).stdout
        assert "libc.so.6(GLIBC_2.34)(64bit)" in needs
        if package != "himmelblau":
            assert f"himmelblau = 1:{OLD}-1" in needs
    assert run("rpm", "-qp", "--provides", packages[OLD]["himmelblau"]).stdout.split("\n")[0] == f"himmelblau = 1:{OLD}-1"


def test_lint(packages):
    """The packages of "distro/build rpm" when they are there, else those of this test, when the shims were built."""
    built = list((ROOT / "distro/target/rpm").glob("*.rpm"))
    if not shutil.which("rpmlint") or not (built or (ROOT / "runtime/target/shims/pam/pam_himmelblau.so").exists()):
        pytest.skip("needs rpmlint, and what runtime/build makes")
    said = run("rpmlint", "-c", ROOT / "distro/rpm/rpmlint.toml", *(built or packages[OLD].values()), check=False).stdout
    assert [line for line in said.splitlines() if ": E: " in line] == []
    assert re.search(r"\b0 errors", said), said


class TestDaemon:
    def test_install(self, chroot, packages):
        calls, _ = chroot.put("-i", packages[OLD], "himmelblau")
        assert calls == [
            "systemd-sysusers himmelblaud.conf",
            "systemd-tmpfiles --create himmelblaud.conf himmelblaud-userdb.conf",
            f"systemctl --no-reload enable {UNITS}",
            "systemctl daemon-reload",
            "systemctl --quiet is-enabled himmelblaud.service",
            "systemctl restart himmelblau-userdb.service himmelblaud.service",
        ]

    def test_upgrade(self, chroot, packages):
        chroot.put("-i", packages[OLD], "himmelblau")
        calls, _ = chroot.put("-U", packages[NEW], "himmelblau")
        assert calls == [
            "systemd-sysusers himmelblaud.conf",
            "systemd-tmpfiles --create himmelblaud.conf himmelblaud-userdb.conf",
            "systemctl --quiet is-enabled himmelblaud.service",
            f"systemctl --no-reload reenable {UNITS}",
            "systemctl daemon-reload",
            "systemctl --quiet is-enabled himmelblaud.service",
            "systemctl restart himmelblau-userdb.service himmelblaud.service",
        ]

    def test_upgrade_of_a_daemon_that_the_administrator_has_disabled(self, chroot, packages):
        chroot.put("-i", packages[OLD], "himmelblau")
        chroot.stand_in("systemctl", 'case "$*" in *is-enabled*) exit 1 ;; esac')
        calls, _ = chroot.put("-U", packages[NEW], "himmelblau")
        assert not [call for call in calls if "enable " in call.replace("is-enabled ", "") or " restart " in call]

    def test_erase(self, chroot, packages):
        chroot.put("-i", packages[OLD], "himmelblau")
        (chroot.root / "var/lib/himmelblaud").mkdir()
        calls, said = chroot.rpm("-e", "himmelblau")
        assert calls == [
            "systemctl stop himmelblaud.service himmelblaud-tasks.path himmelblaud-tasks.service himmelblau-userdb.service",
            "systemctl --no-reload disable himmelblaud.service himmelblaud-tasks.path himmelblau-userdb.service",
            "systemctl daemon-reload",
        ]
        assert "keys and PINs of this computer are kept" in said
        assert (chroot.root / "var/lib/himmelblaud").is_dir()

    def test_without_a_running_systemd_nothing_is_started(self, chroot, packages):
        shutil.rmtree(chroot.root / "run/systemd/system")
        calls, _ = chroot.put("-i", packages[OLD])
        assert only(calls, "systemctl") == [f"systemctl --no-reload enable {UNITS}"]
        calls, _ = chroot.rpm("-e", *PACKAGES)
        assert only(calls, "systemctl") == [
            "systemctl --no-reload disable himmelblaud.service himmelblaud-tasks.path himmelblau-userdb.service"
        ]

    def test_a_program_that_fails_makes_no_package_fail(self, chroot, packages):
        for name in STAND_INS:
            chroot.stand_in(name, "exit 1")
        chroot.put("-i", packages[OLD])
        chroot.put("-U", packages[NEW])
        chroot.rpm("-e", *PACKAGES)
        assert run("rpm", "--root", chroot.root, "-qa").stdout == ""

    def test_the_configuration_of_the_replaced_package_stays(self, chroot, packages):
        chroot.write("etc/himmelblau/himmelblau.conf.rpmsave", "[global]\ndomain = example.com\n")
        chroot.put("-i", packages[OLD], "himmelblau")
        assert "example.com" in (chroot.root / "etc/himmelblau/himmelblau.conf").read_text()
        chroot.write("etc/himmelblau/himmelblau.conf.rpmsave", "other\n")
        chroot.put("-U", packages[NEW], "himmelblau")
        assert "example.com" in (chroot.root / "etc/himmelblau/himmelblau.conf").read_text()

    def test_the_older_version_is_refused(self, chroot, packages):
        chroot.put("-i", packages[NEW], "himmelblau")
        shutil.copy(packages[OLD]["himmelblau"], chroot.root / "packages")
        _, said = chroot.rpm("-U", "--nodeps", chroot.root / "packages" / packages[OLD]["himmelblau"].name, check=False)
        assert "which is newer than" in said
        assert NEW in run("rpm", "--root", chroot.root, "-q", "himmelblau").stdout


class TestNss:
    def test_install_upgrade_erase(self, chroot, packages):
        chroot.put("-i", packages[OLD], "nss-himmelblau")
        assert chroot.word_in_nsswitch() == ["passwd", "group", "shadow"]
        # What the administrator takes out stays out.
        chroot.write("etc/nsswitch.conf", "passwd: files\n")
        chroot.put("-U", packages[NEW], "nss-himmelblau")
        assert chroot.word_in_nsswitch() == []
        chroot.write("etc/nsswitch.conf", "passwd: files himmelblau\n")
        chroot.rpm("-e", "nss-himmelblau")
        assert (chroot.root / "etc/nsswitch.conf").read_text() == "passwd: files\n"

    def test_the_file_of_authselect_is_left_alone(self, chroot, packages):
        with_authselect(chroot, "minimal")
        before = (chroot.root / "etc/authselect/nsswitch.conf").read_text()
        chroot.put("-i", packages[OLD], "nss-himmelblau")
        chroot.rpm("-e", "nss-himmelblau")
        assert (chroot.root / "etc/authselect/nsswitch.conf").read_text() == before


class TestAuthselect:
    @pytest.mark.parametrize(
        ("before", "selected"),
        [
            ("minimal", "himmelblau"),
            ("local with-faillock with-silent-lastlog", "himmelblau with-faillock with-silent-lastlog"),
            ("sssd with-mkhomedir", "himmelblau with-mkhomedir"),
        ],
    )
    def test_install_upgrade_erase(self, chroot, packages, before, selected):
        with_authselect(chroot, before)
        calls, said = chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert calls == ["authselect current --raw", f"authselect select {selected}"]
        assert f"before it was: {before}" in said
        calls, _ = chroot.put("-U", packages[NEW], "pam-himmelblau")
        assert calls == ["authselect current --raw", "authselect apply-changes"]
        calls, _ = chroot.rpm("-e", "pam-himmelblau")
        assert calls == ["authselect current --raw", f"authselect select {before}"]
        assert not (chroot.root / "var/lib/pam-himmelblau").exists()

    def test_sssd_in_use_goes_on(self, chroot, packages):
        with_authselect(chroot, "sssd")
        chroot.write("etc/sssd/sssd.conf", "")
        calls, _ = chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert calls[-1] == "authselect select himmelblau with-sssd"

    @pytest.mark.parametrize("before", ["winbind", "custom/ours", "sssd with-smartcard", "local with-fingerprint"])
    def test_what_our_profile_lacks_is_not_taken_away(self, chroot, packages, before):
        with_authselect(chroot, before)
        calls, said = chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert calls == ["authselect current --raw"]
        assert "it stays as it is" in said
        assert "authselect select himmelblau" in said
        assert chroot.put("-U", packages[NEW], "pam-himmelblau")[0] == ["authselect current --raw"]
        assert only(chroot.rpm("-e", "pam-himmelblau")[0], "authselect") == ["authselect current --raw"]

    def test_changes_by_hand_stop_the_selection_but_not_the_removal(self, chroot, packages):
        with_authselect(chroot, "minimal")
        changed = 'case "$*" in current*) cat /etc/authselect/selection ;; *--force*) ;; *) exit 3 ;; esac'
        chroot.stand_in("authselect", changed)
        _, said = chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert "authselect did not select the profile himmelblau, so nothing was changed" in said
        chroot.write("etc/authselect/selection", "himmelblau with-faillock\n")
        (chroot.root / "usr/share/authselect/default/local").mkdir(parents=True, exist_ok=True)
        calls, _ = chroot.rpm("-e", "pam-himmelblau")
        assert calls == ["authselect current --raw", "authselect select local", "authselect select local --force"]

    def test_an_authselect_that_manages_nothing_is_not_asked(self, chroot, packages):
        chroot.write("etc/pam.d/system-auth", "auth required pam_unix.so\n")
        chroot.without("pam-config")
        calls, _ = chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert calls == ["aad-tool configure-pam --really"]


class TestPamConfig:
    def test_install_upgrade_erase(self, chroot, packages):
        with_pam_config(chroot)
        assert chroot.put("-i", packages[OLD], "pam-himmelblau")[0] == ["pam-config --add --himmelblau"]
        assert chroot.put("-U", packages[NEW], "pam-himmelblau")[0] == []
        assert chroot.rpm("-e", "pam-himmelblau")[0] == []
        chroot.put("-i", packages[OLD], "pam-himmelblau")
        chroot.write("etc/pam.d/common-auth-pc", "auth sufficient pam_himmelblau.so\n")
        assert chroot.put("-U", packages[NEW], "pam-himmelblau")[0] == ["pam-config --add --himmelblau"]
        assert chroot.rpm("-e", "pam-himmelblau")[0] == ["pam-config --delete --himmelblau"]

    def test_a_pam_config_that_does_not_know_us(self, chroot, packages):
        with_pam_config(chroot, "exit 1")
        calls, said = chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert calls == ["pam-config --add --himmelblau"]
        assert "nothing was changed" in said
        assert "aad-tool configure-pam --really" in said


class TestNeither:
    def test_install_upgrade_erase(self, chroot, packages):
        chroot.without("authselect")
        chroot.without("pam-config")
        chroot.write("etc/pam.d/system-auth", "auth required pam_unix.so\n")
        assert chroot.put("-i", packages[OLD], "pam-himmelblau")[0] == ["aad-tool configure-pam --really"]
        assert chroot.put("-U", packages[NEW], "pam-himmelblau")[0] == []
        chroot.write("etc/pam.d/system-auth", "auth sufficient pam_himmelblau.so\n")
        assert chroot.rpm("-e", "pam-himmelblau")[0] == ["aad-tool configure-pam --undo --really"]

    def test_lib64_of_its_own(self, chroot, packages):
        chroot.without("authselect")
        chroot.without("pam-config")
        lib64 = chroot.root / "lib64"
        if not lib64.is_symlink():
            pytest.skip("/lib64 is a directory here")
        # The loader has to stay where programs look for it.
        target = lib64.resolve()
        lib64.unlink()
        shutil.copytree("/lib64/", lib64, symlinks=False)
        assert target
        (lib64 / "security").mkdir(exist_ok=True)
        chroot.put("-i", packages[OLD], "pam-himmelblau")
        assert (lib64 / "security/pam_himmelblau.so").readlink() == Path("/usr/lib64/security/pam_himmelblau.so")
        chroot.rpm("-e", "pam-himmelblau")
        assert not (lib64 / "security/pam_himmelblau.so").is_symlink()


class TestSshd:
    RELOAD = "systemctl try-reload-or-restart sshd.service"

    def test_install_upgrade_erase(self, chroot, packages):
        for words in (("-i", packages[OLD]), ("-U", packages[NEW])):
            assert chroot.put(*words, "himmelblau-sshd-config")[0] == ["sshd -t", self.RELOAD]
        assert chroot.rpm("-e", "himmelblau-sshd-config")[0] == ["sshd -t", self.RELOAD]

    def test_a_configuration_that_sshd_refuses_is_not_loaded(self, chroot, packages):
        chroot.stand_in("sshd", "exit 255")
        assert chroot.put("-i", packages[OLD], "himmelblau-sshd-config")[0] == ["sshd -t"]


def test_lines_go_before_their_modules(chroot, packages):
    """At every call the modules are still there."""
    chroot.without("authselect")
    chroot.without("pam-config")
    chroot.put("-i", packages[OLD])
    chroot.write("etc/pam.d/system-auth", "auth sufficient pam_himmelblau.so\n")
    chroot.stand_in("aad-tool", "ls /usr/lib64/security/pam_himmelblau.so /usr/lib64/libnss_himmelblau.so.2 >>/calls")
    calls, _ = chroot.rpm("-e", *PACKAGES)
    at = calls.index("aad-tool configure-pam --undo --really")
    assert "/usr/lib64/security/pam_himmelblau.so" in calls[at:]
    assert chroot.word_in_nsswitch() == []


class TestSelinux:
    """The policy's own Makefile has a stand-in, too; test_access_control.py compiles the module with a real one."""

    POLICY = "%.pp:\n\techo \"make $@ of $$(ls | paste -sd' ')\" >>/calls\n\ttouch $@\n"
    RESTART = "systemctl try-restart himmelblau-userdb.service himmelblaud.service"

    def with_policy(self, chroot, makefile=POLICY):
        chroot.write("etc/selinux/config", "SELINUX=enforcing\n")
        chroot.write("usr/share/selinux/devel/Makefile", makefile)
        chroot.stand_in("semodule", 'case $1 in -l) echo himmelblaud ;; -i) test -e "$2" ;; esac')
        chroot.write("var/lib/himmelblaud/hsm-pin", "")
        chroot.write("run/himmelblaud/socket", "")

    @staticmethod
    def plain(calls):
        return [re.sub(r"/tmp/tmp\.\w+", "DIRECTORY", call).strip() for call in calls]

    def test_install_upgrade_erase(self, chroot, packages):
        self.with_policy(chroot)
        for words in (("-i", packages[OLD]), ("-U", packages[NEW])):
            calls = self.plain(chroot.put(*words, "himmelblau-selinux")[0])
            assert calls[:3] == [
                "make himmelblaud.pp of himmelblaud.fc himmelblaud.if himmelblaud.te log", "semodule -i DIRECTORY/himmelblaud.pp", "selinuxenabled"
            ]
            assert {"restorecon -RF /var/lib/himmelblaud", "restorecon -RF /run/himmelblaud"} <= set(calls[3:-1])
            assert calls[-1] == self.RESTART
        calls = self.plain(chroot.rpm("-e", "himmelblau-selinux")[0])
        assert calls[:3] == ["semodule -l", "semodule -r himmelblaud", "selinuxenabled"]
        assert calls[-1] == self.RESTART

    def test_selinux_turned_off(self, chroot, packages):
        self.with_policy(chroot)
        chroot.stand_in("selinuxenabled", "exit 1")
        assert self.plain(chroot.put("-i", packages[OLD], "himmelblau-selinux")[0])[1:] == ["semodule -i DIRECTORY/himmelblaud.pp", "selinuxenabled"]

    def test_a_host_without_a_policy(self, chroot, packages):
        calls, said = chroot.put("-i", packages[OLD], "himmelblau-selinux")
        assert calls == []
        assert "himmelblau-selinux:" not in said
        assert chroot.rpm("-e", "himmelblau-selinux")[0] == ["semodule -l"]

    def test_a_policy_that_does_not_take_the_module(self, chroot, packages):
        self.with_policy(chroot, "%.pp:\n\techo 'no such interface'; exit 1\n")
        calls, said = chroot.put("-i", packages[OLD], "himmelblau-selinux")
        assert calls == []
        assert "no such interface" in said
        assert "cannot be compiled for the policy of this host" in said


class TestApparmor:
    ACTIVE = "systemctl --quiet is-active apparmor.service"
    PROFILES = {
        "abstractions/nameservice": "",
        "abstractions/dovecot": "include <abstractions/nameservice>\n",
        "one": "#include <abstractions/nameservice>\n",
        "two": "include <abstractions/dovecot>\n",
        "three": "include <abstractions/base>\n",
    }

    def test_install_upgrade_erase(self, chroot, packages):
        shutil.rmtree(chroot.root / "etc/apparmor.d", ignore_errors=True)
        for name, text in self.PROFILES.items():
            chroot.write(f"etc/apparmor.d/{name}", text)
        for words in (("-i", packages[OLD]), ("-U", packages[NEW])):
            assert chroot.put(*words, "himmelblau-apparmor")[0] == [
                self.ACTIVE, *(f"apparmor_parser --replace --skip-read-cache --write-cache ./{name}" for name in ("one", "two"))
            ]
        assert chroot.rpm("-e", "himmelblau-apparmor")[0] == []

    def test_where_apparmor_is_not_in_use(self, chroot, packages):
        chroot.stand_in("systemctl", "exit 3")
        assert chroot.put("-i", packages[OLD], "himmelblau-apparmor")[0] == [self.ACTIVE]


class TestGreeter:
    SNIPPET = "[org/gnome/shell]\nenabled-extensions=['qr-greeter@himmelblau-idm.org']\n"
    NAME = "01-himmelblau-qr-greeter"

    @pytest.fixture
    def desktop(self, chroot):
        """A host with GNOME Shell, and without any setting of dconf."""
        chroot.stand_in("gnome-shell")
        for place in ("etc/dconf", "usr/share/dconf/profile", "usr/share/gdm"):
            shutil.rmtree(chroot.root / place, ignore_errors=True)
        return chroot

    def profile(self, chroot, name):
        path = chroot.root / "etc/dconf/profile" / name
        return [line for line in path.read_text().splitlines() if not line.startswith("#")] if path.exists() else None

    def test_install_upgrade_erase(self, desktop, packages):
        before = sorted(path.name for path in (desktop.root / "etc").iterdir())
        calls, said = desktop.put("-i", packages[OLD], "himmelblau-qr-greeter")
        assert calls == ["dconf update"] and "after the next start" in said
        for database, profile in (("gdm", "gdm"), ("local", "user")):
            assert (desktop.root / f"etc/dconf/db/{database}.d/{self.NAME}").read_text().endswith(self.SNIPPET)
            assert self.profile(desktop, profile) == ["user-db:user", f"system-db:{database}"]
        (desktop.root / f"etc/dconf/db/local.d/{self.NAME}").unlink()
        assert desktop.put("-U", packages[NEW], "himmelblau-qr-greeter")[0] == [], "an administrator turned it off"
        for database in ("gdm", "local"):
            desktop.write(f"etc/dconf/db/{database}", "compiled")
        desktop.rpm("-e", "himmelblau-qr-greeter")
        assert sorted(path.name for path in (desktop.root / "etc").iterdir()) == before
        assert not (desktop.root / "var/lib/himmelblau-qr-greeter").exists()

    def test_databases_of_others_stay(self, desktop, packages):
        desktop.write("usr/share/dconf/profile/gdm", "user-db:user\nsystem-db:gdm\nfile-db:/usr/share/gdm/greeter-dconf-defaults\n")
        desktop.write("usr/share/dconf/profile/user", "user-db:user\nsystem-db:site\n")
        desktop.write("etc/dconf/db/local.d/05-mine", "[a]\nb=1\n")
        desktop.put("-i", packages[OLD], "himmelblau-qr-greeter")
        assert self.profile(desktop, "gdm") is None
        assert self.profile(desktop, "user") == ["user-db:user", "system-db:local", "system-db:site"]
        desktop.write("etc/dconf/db/local", "compiled")
        assert desktop.rpm("-e", "himmelblau-qr-greeter")[0] == ["dconf update"]
        assert [path.name for path in (desktop.root / "etc/dconf/db/local.d").iterdir()] == ["05-mine"]
        assert (desktop.root / "etc/dconf/db/local").exists() and not (desktop.root / "etc/dconf/db/gdm.d").exists()

    def test_a_profile_of_the_administrator_is_not_changed(self, desktop, packages):
        mine = "user-db:user\nsystem-db:office\n"
        desktop.write("etc/dconf/profile/user", mine)
        said = desktop.put("-i", packages[OLD], "himmelblau-qr-greeter")[1]
        assert '/etc/dconf/profile/user does not name "system-db:local": add this line' in said
        desktop.rpm("-e", "himmelblau-qr-greeter")
        assert (desktop.root / "etc/dconf/profile/user").read_text() == mine

    @pytest.mark.parametrize("program", ["gnome-shell", "dconf"])
    def test_a_host_without_a_desktop_is_left_alone(self, desktop, packages, program):
        desktop.without(program)
        assert desktop.put("-i", packages[OLD], "himmelblau-qr-greeter")[0] == []
        assert not (desktop.root / "etc/dconf").exists()
        desktop.rpm("-e", "himmelblau-qr-greeter")


class TestBrowserPolicies:
    FILE = "etc/firefox/policies/policies.json"
    ADMINS = '{"policies":{ "DisableTelemetry":true }}'

    @pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
    def test_install_upgrade_erase(self, chroot, packages):
        for name in ("etc/firefox", "etc/opt", "etc/chromium", "var/lib/himmelblau-sso-policies"):
            shutil.rmtree(chroot.root / name, ignore_errors=True)
        chroot.write(self.FILE, self.ADMINS)
        chroot.put("-i", packages[OLD], "himmelblau-sso-policies")
        merged = (chroot.root / self.FILE).read_text()
        assert "linux-entra-sso@example.com" in merged and "DisableTelemetry" in merged
        assert (chroot.root / "etc/opt/chrome/policies/managed/himmelblau.json").exists()
        chroot.put("-U", packages[NEW], "himmelblau-sso-policies")
        assert (chroot.root / self.FILE).read_text() == merged
        chroot.rpm("-e", "himmelblau-sso-policies")
        assert (chroot.root / self.FILE).read_text() == self.ADMINS
        assert not (chroot.root / "etc/opt/chrome/policies").exists()
        assert not (chroot.root / "etc/chromium").exists()
