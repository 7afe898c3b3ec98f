"""Names, homes and shells: how users are called here, and that a changed option is seen at the next lookup."""

import time

import pytest

from directory_lab import OTHER
from running_lab import DOMAIN

SCRIPT = "/usr/local/sbin/names"


@pytest.fixture(autouse=True)
def anew(directory):
    yield
    directory.fresh()


def becomes(directory, name, field, value):
    """The next lookups show it; the daemon is the same process."""
    pid = directory.daemon_pid()
    directory.eventually(lambda: (directory.passwd(name) or [""] * 7)[field] == value, what=f"{value} for {name}")
    assert directory.daemon_pid() == pid


@pytest.fixture(scope="module")
def settled(directory):
    """Somebody whose object id is known, as it is of who signed in."""
    directory.fresh()
    directory.add("settled", "--id", "0c0c0c0c-0000-4000-8000-000000000009")
    directory.signed_in("settled")


class TestLiveReload:
    def test_shell_and_home_of_all_and_of_one_domain(self, directory):
        both = ("user02", f"user02@{OTHER}")
        for name in both:
            directory.await_name(name)
        directory.configure("shell = /bin/sh\nhome_prefix = /srv/people")
        becomes(directory, "user02", 6, "/bin/sh")
        becomes(directory, f"user02@{OTHER}", 6, "/bin/sh")
        becomes(directory, "user02", 5, "/srv/people/user02")
        directory.configure("shell = /bin/sh", own="shell = /bin/dash", other="home_prefix = /srv/example/\nhome_alias = spn")
        becomes(directory, "user02", 6, "/bin/dash")
        becomes(directory, "user02", 5, "/home/user02")
        becomes(directory, f"user02@{OTHER}", 5, f"/srv/example/user02@{OTHER}")
        assert directory.passwd(f"user02@{OTHER}")[6] == "/bin/sh"

    @pytest.mark.parametrize(
        ("attr", "alias", "shown"),
        [("cn", "cn", "settled"), ("spn", "spn", f"settled@{DOMAIN}"), ("cn", "spn", f"settled@{DOMAIN}"), ("uuid", "cn", "settled"),
         ("cn", "uuid", "0c0c0c0c-0000-4000-8000-000000000009")],
    )
    def test_home_attr_and_home_alias(self, directory, settled, attr, alias, shown):
        directory.configure(own=f"home_attr = {attr}\nhome_alias = {alias}")
        becomes(directory, "settled", 5, f"/home/{shown}")

    def test_long_names_when_short_ones_are_off(self, directory):
        directory.await_name("user02")
        directory.configure("cn_name_mapping = false")
        becomes(directory, f"user02@{DOMAIN}", 0, f"user02@{DOMAIN}")
        assert directory.passwd("user02") is None
        assert directory.passwd("773235643")[0] == f"user02@{DOMAIN}"

    def test_a_mistake_changes_nothing(self, directory):
        directory.configure("shell = /bin/sh")
        becomes(directory, "user02", 6, "/bin/sh")
        begin = len(directory.log())
        directory.write("/etc/himmelblau/himmelblau.conf", "[global\n")
        directory.eventually(lambda: "himmelblau.conf" in directory.log()[begin:], what="a complaint")
        assert directory.passwd("user02")[6] == "/bin/sh"


class TestScript:
    def test_names_users_and_is_not_run_again(self, directory):
        directory.add("longer.name")
        text = f"echo names $1 >>/var/cache/himmelblaud/names.log\n[ $1 = shorty ] && echo longer.name@{DOMAIN}"
        directory.write(SCRIPT, "#!/bin/sh\n" + text + "\n")
        directory.out("chmod", "755", SCRIPT)
        directory.configure(f"name_mapping_script = {SCRIPT}")
        directory.eventually(lambda: directory.passwd("shorty"), what="a scripted name")
        assert directory.passwd("shorty")[0] == "shorty"
        assert directory.sign_in("shorty")[0]
        assert directory.out("id", "-un", directory.passwd("shorty")[2]) == "shorty"
        runs = directory.run("cat", "/var/cache/himmelblaud/names.log").stdout.count("names shorty")
        directory.passwd("shorty")
        assert directory.run("cat", "/var/cache/himmelblaud/names.log").stdout.count("names shorty") == runs == 1
        directory.out("aad-tool", "cache-clear", "--mapped")

    @pytest.mark.parametrize(
        "text",
        ["exec sleep 30", "trap '' TERM HUP; while :; do :; done", "yes x@y.example", "head -c 3000000 /dev/urandom", "exit 3", "kill -9 $$",
         "echo root", "echo 'a:b@c'", "printf 'root:x:0:0::/:/bin/sh\\n%s' \"$1@" + DOMAIN + "\"", "sleep 20 & exit 0"],
    )
    def test_whatever_it_does_lookups_stay_bounded_and_users_whole(self, directory, text):
        directory.write(SCRIPT, "#!/bin/sh\n" + text + "\n")
        directory.out("chmod", "755", SCRIPT)
        directory.configure(f"name_mapping_script = {SCRIPT}")
        time.sleep(1)
        for name in ("someone", "user02", "root"):
            _, seconds = directory.timed("getent", "passwd", name)
            assert seconds < 0.6, name
        assert directory.passwd("root")[2] == "0"
        _, seconds = directory.timed("getent", "passwd", f"user02@{DOMAIN}")
        assert seconds < 0.6
        assert directory.passwd(f"user02@{DOMAIN}")[2] == "773235643"
        directory.eventually(lambda: not directory.run("pgrep", "-f", f"sh {SCRIPT}").stdout, what="the end of the script")


class TestUserMap:
    def test_a_local_account_is_signed_in_to(self, directory):
        directory.run("useradd", "-m", "-u", "7800", "localada")
        directory.add("ada.map")
        directory.write("/etc/himmelblau/user-map", f"# who is who\n\nlocalada: ADA.map@{DOMAIN}\nlocalada:other@{DOMAIN}\nbroken\n")
        directory.eventually(lambda: "sign" if directory.sign_in("localada")[0] else None, what="a mapped sign-in")
        assert directory.passwd("localada")[2] == "7800"
        assert directory.passwd(f"ada.map@{DOMAIN}")[:3] == ["localada", "x", "7800"]
        listed = directory.out("getent", "passwd").splitlines()
        assert sum("localada" in line for line in listed) == 1, "files has it already"


class TestRenames:
    def test_the_object_keeps_its_ids(self, directory):
        directory.add("before", "--id", "0c0c0c0c-0000-4000-8000-000000000001")
        uid = directory.signed_in("before")[2]
        directory.tenant("user", "rename", f"before@{DOMAIN}", f"After@{DOMAIN}")
        for _ in range(2):
            assert directory.sign_in("after")[0]
            assert directory.passwd("after")[:3] == ["after", "x", uid]
        assert directory.out("id", "-un", uid) == "after"
        directory.out("aad-tool", "cache-clear")
        directory.passwd("after")
        assert directory.eventually(lambda: directory.passwd("after"))[2] == uid
        assert directory.passwd("before") is None
        assert "renamed" in directory.admin("idmap", "check").stdout
        directory.tenant("user", "del", f"After@{DOMAIN}")

    def test_a_rename_that_the_host_saw_as_a_departure(self, directory):
        directory.add("leaves", "--id", "0c0c0c0c-0000-4000-8000-000000000002")
        uid = directory.signed_in("leaves")[2]
        directory.configure("cache_timeout = 2")
        directory.tenant("user", "rename", f"leaves@{DOMAIN}", f"returns@{DOMAIN}")
        directory.eventually(lambda: directory.passwd("leaves") is None, what="the departure")
        directory.await_name("returns")
        assert directory.sign_in("returns")[0]
        assert directory.passwd("returns")[2] == uid
        directory.tenant("user", "del", f"returns@{DOMAIN}")

    def test_letter_case_is_none_of_our_business(self, directory):
        directory.add("casey", "--id", "0c0c0c0c-0000-4000-8000-000000000003")
        fields = directory.signed_in("casey")
        directory.tenant("user", "rename", f"casey@{DOMAIN}", f"CaSey@{DOMAIN}")
        assert directory.sign_in("casey")[0]
        assert directory.passwd("CASEY@" + DOMAIN.upper()) == directory.passwd("casey") == fields
