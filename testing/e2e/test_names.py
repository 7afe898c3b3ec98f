"""Lookups through the real libc."""

import subprocess

import pytest

from running_lab import DOMAIN, PIN

UID = "773235643"
GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"
GROUP_GID = "145696387"


def test_name_upn_and_uid_agree(lab):
    by_name = lab.out("getent", "passwd", "user02")
    assert by_name.split(":")[:4] == ["user02", "x", UID, UID]
    assert lab.out("getent", "passwd", f"user02@{DOMAIN}") == by_name
    assert lab.out("getent", "passwd", UID) == by_name
    assert lab.out("id", "-u", "user02") == UID
    assert lab.out("id", "-g", "user02") == UID
    assert lab.out("id", UID) == lab.out("id", "user02")


def test_letter_case_of_a_name_does_not_matter(lab):
    lab.await_name(f"USER02@{DOMAIN.upper()}")
    assert lab.out("getent", "passwd", f"USER02@{DOMAIN.upper()}") == lab.out("getent", "passwd", "user02")


def test_groups_by_gid_and_object_id_only(lab, enrolled):
    lab.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", enrolled.upn)
    with enrolled.ssh() as session:  # memberships come with the user's own tokens
        session.pin(PIN)
        session.shell()
    by_gid = lab.out("getent", "group", GROUP_GID)
    assert by_gid.startswith(f"datengruppe:x:{GROUP_GID}:")
    assert lab.out("getent", "group", GROUP) == by_gid
    assert lab.run("getent", "group", "datengruppe").returncode == 2


def test_a_member_has_the_group(lab):
    """Memberships come with the user's own tokens: from the next sign-in on."""
    user = lab.new_user().enrol()
    assert lab.out("id", "-G", user.name) == lab.out("id", "-u", user.name)
    lab.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", user.upn)
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        assert GROUP_GID in session.ask("id -G").split()
    assert GROUP_GID in lab.out("id", "-G", user.name).split()
    assert user.name in lab.out("getent", "group", GROUP_GID).split(":")[3].split(",")


def test_private_group_of_a_user(lab):
    assert lab.out("getent", "group", UID) == f"user02:x:{UID}:user02"


@pytest.mark.parametrize("name", ["nobody-of-this-name", f"nobody@{DOMAIN}", "user02@elsewhere.example", "x" * 300, "a:b", "-x"])
def test_unknown_names_are_unknown(lab, name):
    done, seconds = lab.timed("getent", "passwd", "--", name)
    assert done.returncode == 2
    assert seconds < 1


def test_local_names_win(lab):
    assert lab.out("getent", "passwd", "root") == "root:x:0:0:root:/root:/bin/bash"
    lab.out("useradd", "-M", "twin")
    lab.tenant("user", "add", f"twin@{DOMAIN}", "--password", "Passw0rd!")
    assert lab.out("getent", "passwd", "twin").split(":")[2] == lab.out("id", "-u", "twin")
    assert int(lab.out("id", "-u", "twin")) < 60000


def test_callers_of_all_kinds_end(lab, enrolled):
    """su, passwd -S, chown, ls -l, login's own lookups: none hangs."""
    for command in (
        ("passwd", "-S", enrolled.name), ("su", enrolled.name, "-c", "id"), ("chage", "-l", enrolled.name),
        ("getent", "shadow", enrolled.name), ("getent", "initgroups", enrolled.name), ("ls", "-l", "/home"),
        ("install", "-o", enrolled.name, "/dev/null", "/tmp/theirs"), ("getent", "passwd"), ("getent", "group"),
    ):
        _, seconds = lab.timed("timeout", "10", *command)
        assert seconds < 3, command


class TestWithTheDaemonStopped:
    @pytest.fixture(autouse=True, scope="class")
    def stopped(self, lab, enrolled):
        lab.out("id", enrolled.name)
        lab.lab("stop", "daemon")
        yield
        lab.start()

    def test_known_users_still_resolve(self, lab, enrolled):
        fields = lab.out("getent", "passwd", enrolled.name).split(":")
        assert lab.out("getent", "passwd", fields[2]).split(":")[0] == enrolled.name
        assert lab.out("id", "-un", fields[2]) == enrolled.name

    def test_an_unknown_name_is_answered_within_300_ms(self, lab):
        for name in ("never-heard-of", f"never@{DOMAIN}"):
            done, seconds = lab.timed("getent", "passwd", name)
            assert done.returncode == 2
            assert seconds < 0.3

    def test_local_users_sign_in(self, lab):
        lab.out("sh", "-c", "useradd -m keeper && echo keeper:Local-pw-1 | chpasswd")
        with lab.ssh("keeper") as session:
            session.terminal.until(r"Password: ")
            session.say("Local-pw-1")
            session.shell()
            assert session.ask("id -un") == "keeper"

    def test_a_sign_in_says_so_and_is_refused(self, lab, enrolled):
        with lab.ssh(enrolled.name) as session:
            text = session.terminal.until(r"Password: ")
            assert "Himmelblau authentication service did not become available in time." in text


def test_a_stuck_daemon_blocks_nobody(lab):
    with lab.stuck():
        for name in ("someone-new", "root", "user02"):
            _, seconds = lab.timed("getent", "passwd", name)
            assert seconds < 0.6, name


def test_the_same_name_in_another_name_service_is_another_account(lab, enrolled, tmp_path):
    """Another module of nsswitch, before ours, has the name: its account is not the directory's user."""
    (tmp_path / "other.c").write_text("""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <pwd.h>
        #include <stdlib.h>
        #include <string.h>
        int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found) {
            int (*real)(const char *, struct passwd *, char *, size_t, struct passwd **) = dlsym(RTLD_NEXT, "getpwnam_r");
            int error = real(name, entry, buffer, size, found);
            if (error == 0 && *found && strcmp(name, getenv("NAMESAKE")) == 0) entry->pw_uid = 5000;
            return error;
        }
    """)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", tmp_path / "other.so", tmp_path / "other.c", "-ldl"], check=True)
    module = lab.put(tmp_path / "other.so")
    words = ("pamtester", "sshd", enrolled.name, "authenticate")
    assert lab.run(*words, text=f"{PIN}\n").returncode == 0
    other = ("env", f"LD_PRELOAD={module}", f"NAMESAKE={enrolled.name}")
    done = lab.run(*other, *words, text=f"{PIN}\n")
    assert done.returncode != 0, done.stdout
    assert "the account that signed in is not the requested account" in lab.log("syslog")
