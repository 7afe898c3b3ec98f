"""What the root helper does for a session: homes, local groups, subordinate ids, the logon script, the picture."""

import hashlib
import re
import time

import pytest

from running_lab import DOMAIN, PASSWORD, PIN

SCRIPT = "/usr/local/sbin/on-logon"
# The helper, and what it runs, write to few places.
PLACE = "/home/.heard"
HEARD = f"{PLACE}/on-logon.log"
RAN = f"{PLACE}/ran"
ADMINS = "0a0a0a0a-0000-4000-8000-00000000ad01"


@pytest.fixture(autouse=True)
def anew(directory):
    directory.out("mkdir", "-p", "-m", "700", PLACE)
    yield
    directory.configure()
    directory.run("rm", "-rf", SCRIPT, PLACE)


def members(directory, group):
    return [name for name in directory.out("grep", f"^{group}:", "/etc/group").split(":")[3].split(",") if name]


class TestHomes:
    def test_skeleton_mode_owner_and_alias(self, directory):
        directory.write("/etc/skel/.hello", "hello\n")
        directory.configure("use_etc_skel = true\nhome_attr = uuid\nhome_alias = cn")
        directory.add("dweller", "--id", "0a0a0a0a-0000-4000-8000-000000000101")
        time.sleep(1)
        directory.signed_in("dweller")
        real = "/home/0a0a0a0a-0000-4000-8000-000000000101"
        assert directory.out("stat", "-c", "%a %U %G %F", real) == "750 dweller dweller directory"
        assert directory.out("stat", "-c", "%U %s", f"{real}/.hello") == "dweller 6"
        assert directory.out("readlink", "/home/dweller") == "0a0a0a0a-0000-4000-8000-000000000101"
        directory.out("chmod", "700", real)
        directory.out("rm", f"{real}/.hello")
        assert directory.sign_in("dweller")[0]
        assert directory.out("stat", "-c", "%a", real) == "700", "what exists is left as it is"
        assert directory.run("ls", f"{real}/.hello").returncode != 0

    def test_without_skeleton_the_home_is_empty(self, directory):
        directory.add("minimal")
        directory.signed_in("minimal")
        assert directory.out("ls", "-A", "/home/minimal") == ""

    @pytest.mark.parametrize("trap", ["ln -s /root /home/trapped", "mkdir /home/trapped", "touch /home/trapped"])
    def test_a_directory_of_another_user_is_not_taken_over(self, directory, trap):
        directory.run("sh", "-c", f"rm -rf /home/trapped; {trap}; chown -h 4242 /home/trapped")
        directory.add("trapped")
        directory.await_name("trapped")
        directory.sign_in("trapped")
        assert directory.out("stat", "-c", "%u", "/home/trapped") == "4242"
        assert directory.out("stat", "-c", "%u %a", "/root").startswith("0 ")
        assert "/home/trapped" in directory.log("tasks")


class TestLocalGroups:
    def test_everybody_joins_and_an_edit_is_put_right(self, directory):
        directory.configure("local_groups = users,absent-group\nlocal_groups_reconcile_interval = 1")
        directory.add("joiner")
        directory.eventually(lambda: directory.sign_in("joiner")[0] and "joiner" in members(directory, "users"), what="membership")
        assert "absent-group" in directory.log("tasks")
        directory.out("sed", "-i", "s/^\\(users:.*\\):.*/\\1:/", "/etc/group")
        directory.eventually(lambda: "joiner" in members(directory, "users"), what="the reconciliation")

    def test_sudo_by_object_id_and_only_what_we_added_is_taken_away(self, directory):
        directory.run("groupadd", "-r", "helpers")
        directory.configure(f"sudo_groups = {ADMINS}\nlocal_sudo_group = helpers\nlocal_groups_reconcile_interval = 1")
        upns = {name: directory.add(name) for name in ("boss", "byhand", "imposter")}
        directory.tenant("group", "add", "admins", "--id", ADMINS, "--member", upns["boss"])
        directory.tenant("group", "add", ADMINS, "--id", "0a0a0a0a-0000-4000-8000-00000000ad02", "--member", upns["imposter"])
        directory.eventually(lambda: directory.sign_in("boss")[0] and members(directory, "helpers") == ["boss"], what="sudo")
        directory.await_name("byhand")
        directory.out("gpasswd", "-a", "byhand", "helpers")
        for name in ("byhand", "imposter"):
            directory.signed_in(name)
        assert members(directory, "helpers") == ["boss", "byhand"], "a name alone gives nothing; an administrator's word stays"
        directory.tenant("group", "del", ADMINS)
        assert directory.sign_in("boss")[0]
        assert members(directory, "helpers") == ["byhand"]
        time.sleep(1.5)
        assert members(directory, "helpers") == ["byhand"]
        directory.tenant("group", "add", "admins", "--id", ADMINS, "--member", upns["boss"])
        directory.eventually(lambda: directory.sign_in("boss")[0] and "boss" in members(directory, "helpers"), what="sudo again")
        directory.configure("local_sudo_group = helpers")
        directory.eventually(lambda: members(directory, "helpers") == ["byhand"], what="who stays away losing what sudo_groups gave")
        directory.sign_in("byhand")
        assert members(directory, "helpers") == ["byhand"], "without sudo_groups nothing else is touched"


class TestSubordinateIds:
    def ranges(self, directory, file):
        lines = directory.out("cat", file).splitlines()
        return {f[0]: (int(f[1]), int(f[2])) for f in (line.split(":") for line in lines) if len(f) == 3}

    def test_no_user_shares_ids_whatever_is_in_the_files(self, directory):
        directory.configure("subid_range = 3000000000-3000262144")  # four slots, so that names meet
        directory.run("sh", "-c", "printf 'foreign:3000000000:65536\\nbroken line\\n' >>/etc/subuid")
        time.sleep(1.5)
        names = ["sub1", "sub2", "sub3", "sub4"]
        for name in names:
            directory.add(name)
            directory.signed_in(name)
            if name == "sub2":
                directory.restart("tasks")
                time.sleep(3)
        for file in ("/etc/subuid", "/etc/subgid"):
            mine = sorted(r for name, r in self.ranges(directory, file).items() if name in names or name == "foreign" and "uid" in file)
            assert all(a[0] + a[1] <= b[0] for a, b in zip(mine, mine[1:])), mine
        got = self.ranges(directory, "/etc/subuid")
        assert sum(name in got for name in names) == 3, "three slots are left, the fourth user gets none"
        assert "broken line" in directory.out("cat", "/etc/subuid")
        before = directory.out("cat", "/etc/subuid")
        assert directory.sign_in("sub1")[0]
        assert directory.out("cat", "/etc/subuid") == before
        assert "no free ids left" in directory.log("tasks")

    def test_the_slot_is_the_name_s(self, directory):
        assert self.ranges(directory, "/etc/subuid")["user02"] == (2509600000, 65536)
        assert self.ranges(directory, "/etc/subgid")["user02"] == (2509600000, 65536)


class TestLogonScript:
    def use(self, directory, text, options=""):
        directory.write(SCRIPT, "#!/bin/sh\n" + text + "\n")
        directory.out("chmod", "755", SCRIPT)
        directory.configure(f"logon_script = {SCRIPT} fixed 'words'\n{options}")
        time.sleep(1.5)

    def test_the_script_gets_the_user_and_a_token_for_its_scopes(self, directory):
        said = 'echo "$#:$1:$2 $USERNAME $(id -u) ${#ACCESS_TOKEN} ${HOME} $(echo "$ACCESS_TOKEN" | cut -d. -f2)" >' + HEARD
        self.use(directory, said, "logon_token_scopes = https://graph.microsoft.com/User.Read")
        directory.add("scripted")
        directory.signed_in("scripted")
        words = directory.out("cat", HEARD).split(" ")
        assert words[:3] == ["2:fixed:'words'", f"scripted@{DOMAIN}", "0"], "no shell reads the option"
        assert int(words[3]) > 100 and words[4] == "/root"
        assert PASSWORD not in directory.log() + directory.log("tasks")
        assert words[5] not in directory.log() + directory.log("tasks"), "no token in a log"

    def test_without_scopes_there_is_no_token(self, directory):
        self.use(directory, 'echo "[$ACCESS_TOKEN]" >' + HEARD)
        directory.add("tokenless")
        directory.signed_in("tokenless")
        assert directory.out("cat", HEARD) == "[]"

    def test_two_denies_and_nothing_else_does(self, directory):
        directory.add("judged")
        directory.await_name("judged")
        for status, good in ((2, False), (1, True)):
            self.use(directory, f"echo judging; exit {status}")
            done, text = directory.sign_in("judged")
            assert done is good, (status, text)
            if not good:
                assert "Authentication was explicitly denied by the logon script" in text

    def test_one_that_hangs_is_killed_with_its_children(self, directory):
        directory.add("patient")
        directory.await_name("patient")
        self.use(directory, "sleep 4711 & trap '' TERM; sleep 4711", "logon_script_timeout = 2")
        begin = time.monotonic()
        good, text = directory.sign_in("patient")
        assert not good and "Execution of logon script timed out" in text
        assert time.monotonic() - begin < 9
        assert directory.run("pgrep", "-f", "sleep 4711").stdout == ""

    def test_one_that_floods_is_no_trouble(self, directory):
        directory.add("flooded")
        directory.await_name("flooded")
        self.use(directory, "head -c 5000000 /dev/urandom")
        assert directory.sign_in("flooded")[0]

    @pytest.mark.parametrize("spoil", ["chmod 777", "chown 4242"])
    def test_a_script_writable_by_others_refuses_sign_ins(self, directory, spoil):
        directory.add("careful")
        directory.await_name("careful")
        self.use(directory, f"touch {RAN}")
        assert directory.sign_in("careful")[0]
        directory.out("rm", RAN)
        directory.out(*spoil.split(), SCRIPT)
        good, text = directory.sign_in("careful")
        assert not good and "Execution of logon script failed" in text
        assert directory.run("ls", RAN).returncode != 0

    def test_sign_ins_are_refused_while_the_helper_is_stopped(self, directory):
        directory.add("waiting")
        directory.await_name("waiting")
        self.use(directory, "exit 0")
        directory.lab("stop", "tasks")
        try:
            good, text = directory.sign_in("waiting")
            assert not good and "logon script" in text
        finally:
            directory.start("tasks")
        directory.eventually(lambda: directory.sign_in("waiting")[0], what="the helper")

    def test_the_pin_passes_it_too_online_and_offline(self, directory):
        user = directory.new_user(local="pinned").enrol()
        self.use(directory, 'echo "$USERNAME" >>' + HEARD)
        for offline in (False, True):
            if offline:
                directory.tenant("stop")
            try:
                with user.ssh() as session:
                    session.pin(PIN)
                    session.shell()
            finally:
                if offline:
                    directory.tenant("start")
        assert directory.out("cat", HEARD).splitlines() == [user.upn] * 2


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
BUSCTL = f"""#!/bin/sh
echo "$*" >>{PLACE}/busctl.log
case $* in
*FindUserByName*) exit 1 ;;
*CacheUser*) echo 'o "/org/freedesktop/Accounts/User7"' ;;
*SetIconFile*) for last; do :; done; stat -c '%a %u' "$last" >>{PLACE}/busctl.log; cp "$last" {PLACE}/icon; echo ;;
esac
"""


class TestPicture:
    """AccountsService is played by a script in the place of busctl; everything before it is real."""

    @pytest.fixture(autouse=True)
    def accounts_service(self, directory, tmp_path):
        directory.out("mkdir", "-p", "/var/lib/AccountsService/icons")
        directory.write("/usr/bin/busctl.new", BUSCTL)
        directory.out("sh", "-c", "chmod 755 /usr/bin/busctl.new; mv /usr/bin/busctl.new /usr/bin/busctl; rm -f /root/icon /root/busctl.log")
        self.photo = tmp_path / "photo.jpg"

    def test_comes_from_the_directory_behind_the_sign_in(self, directory):
        self.photo.write_bytes(JPEG + b"small")
        upn = directory.add("pictured")
        directory.tenant("user", "photo", upn, self.photo)
        directory.signed_in("pictured")
        directory.eventually(lambda: directory.run("ls", f"{PLACE}/icon").returncode == 0, what="the picture")
        assert directory.out("sha256sum", f"{PLACE}/icon").split()[0] == hashlib.sha256(JPEG + b"small").hexdigest()
        log = directory.out("cat", f"{PLACE}/busctl.log")
        assert "CacheUser s pictured" in log and "\n600 0" in log
        assert not re.search(r"picture-", directory.run("ls", "-RA", "/var/lib/himmelblaud-tasks").stdout), "no copy is left"

    def test_a_large_one_is_taken_smaller(self, directory):
        upn = directory.add("large")
        self.photo.write_bytes(JPEG + b"x" * 200_000)
        directory.tenant("user", "photo", upn, self.photo)
        self.photo.write_bytes(JPEG + b"scaled")
        directory.tenant("user", "photo", upn, self.photo, "--size", "240x240")
        directory.signed_in("large")
        directory.eventually(lambda: "scaled" in directory.run("cat", "-v", f"{PLACE}/icon").stdout, what="the smaller picture")

    @pytest.mark.parametrize("bytes_", [None, b"<svg/>", b"", b"GIF89a"], ids=["none", "svg", "empty", "gif"])
    def test_whatever_else_it_is_the_sign_in_is_good_and_nothing_shown(self, directory, bytes_):
        upn = directory.add(f"unpictured{len(bytes_ or b'')}{bytes_ is None}".lower())
        if bytes_ is not None:
            self.photo.write_bytes(bytes_)
            directory.tenant("user", "photo", upn, self.photo)
        directory.signed_in(upn.split("@", maxsplit=1)[0])
        time.sleep(1)
        assert directory.run("ls", f"{PLACE}/icon").returncode != 0

    def test_a_slow_graph_blocks_nobody(self, directory):
        upn = directory.add("hasty")
        self.photo.write_bytes(JPEG)
        directory.tenant("user", "photo", upn, self.photo)
        directory.await_name("hasty")
        directory.tenant("fault", "add", "--path", "*photo*", "--delay", "8")
        begin = time.monotonic()
        try:
            assert directory.sign_in("hasty")[0]
        finally:
            directory.tenant("fault", "clear")
        assert time.monotonic() - begin < 6


class TestCacheClearFull:
    """Last in this file: the host has left both domains afterwards, and joins again."""

    def test_forgets_what_enrolment_left_and_keeps_the_rest(self, directory):
        directory.out("aad-tool", "cred", "secret", "--domain", DOMAIN, "--client-id", "00001111-aaaa-2222-bbbb-3333cccc4444", "--secret", "s3cret")
        directory.out("aad-tool", "idmap", "user-add", "-D", f"stays@{DOMAIN}", "-u", "7950", "-g", "7950")
        refused = directory.admin("cache-clear", "--full", text="n\n")
        assert refused.returncode == 0 and "success" not in refused.stdout
        done = directory.admin("cache-clear", "--full", text="yes\n")
        assert done.returncode == 0 and done.stdout.endswith("success\n")
        assert "PINs" in done.stderr and DOMAIN in done.stderr and "entra/" in done.stderr
        assert "Present" in directory.out("aad-tool", "cred", "list", "--domain", DOMAIN).splitlines()[0]
        assert directory.admin("idmap", "user-add", "-D", f"other@{DOMAIN}", "-u", "7950", "-g", "7950").returncode == 1
        with directory.ssh("user02") as session:
            session.see(session.PASSWORD)
        directory.out("aad-tool", "cred", "delete", "--domain", DOMAIN)
        directory.out("aad-tool", "idmap", "clear")
        directory.joined()


def test_many_restarts_of_the_daemon_leave_the_helper_running(directory):
    """A root helper that systemd does not start any more would make no home until an administrator notices."""
    directory.out("systemctl", "reset-failed", "himmelblaud.service", "himmelblaud-tasks.service")
    for _ in range(6):
        directory.lab("stop", "daemon")
        directory.start()
    directory.eventually(lambda: "tasks: ready" in directory.lab("status").stdout, what="a root helper that runs")
