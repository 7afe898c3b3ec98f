"""Where the configuration stands and what it says: files, folders, links and mistakes, all under a running daemon."""

import re
import time

import pytest

from directory_lab import BASE, CONF, OTHER
from frames import Peer, lookup
from leaks import settles, state
from running_lab import DOMAIN
from test_directory_ids import by_name

VENDOR, RUN, ETC = (f"{place}/himmelblau.conf" for place in ("/usr/lib/himmelblau", "/run/himmelblau", "/etc/himmelblau"))
MAIN = BASE.format(options="", own="", other="")
ADMINS = [f"0e0e0e0e-0000-4000-8000-00000000000{i}" for i in (1, 2)]


@pytest.fixture(autouse=True)
def anew(directory):
    directory.fresh()
    shows(directory, "/bin/bash")
    pid = directory.daemon_pid()
    yield
    directory.out("rm", "-rf", f"{VENDOR}.d", f"{RUN}.d", f"{ETC}.d", VENDOR, RUN)
    directory.fresh()
    assert pid == directory.daemon_pid(), "nothing here needs a restart"
    assert "himmelblau.conf" not in directory.troubles()


def dropin(directory, main, name, text):
    directory.out("mkdir", "-p", f"{main}.d")
    directory.write(f"{main}.d/{name}", text)


def shell(path):
    return f"[global]\nshell = {path}\n"


def shows(directory, path, name="user02"):
    """The next lookup, within moments: 200 ms are waited for more changes."""
    directory.eventually(lambda: (directory.passwd(name) or [""])[-1] == path, seconds=5, what=f"{path} as the shell of {name}")


def complains(directory, text):
    directory.eventually(lambda: text in directory.troubles(), seconds=5, what=f"{text!r} in aad-tool status")


class TestFiles:
    def test_layers_drop_ins_and_masks(self, directory):
        dropin(directory, VENDOR, "50-x.conf", shell("/bin/true"))
        shows(directory, "/bin/true")
        dropin(directory, RUN, "50-x.conf", shell("/bin/false"))
        shows(directory, "/bin/false")
        dropin(directory, ETC, "40-y.conf", shell("/bin/dash"))
        dropin(directory, ETC, "90-no.conf.bak", shell("/bin/rbash"))
        dropin(directory, ETC, "50-x.conf", "")
        shows(directory, "/bin/dash")
        directory.out("ln", "-sf", "/dev/null", f"{ETC}.d/40-y.conf")
        shows(directory, "/bin/bash")
        dropin(directory, VENDOR, "größe.conf", shell("/bin/sh"))
        shows(directory, "/bin/sh")
        dropin(directory, VENDOR, "grüße.conf", shell("/bin/true"))
        shows(directory, "/bin/true")
        directory.out("rm", f"{ETC}.d/50-x.conf", f"{VENDOR}.d/größe.conf", f"{VENDOR}.d/grüße.conf")
        shows(directory, "/bin/false")

    def test_of_main_files_the_highest_counts_and_a_mask_hides_the_others(self, directory):
        directory.write(VENDOR, MAIN + shell("/bin/true"))
        directory.run("mkdir", "-p", "/run/himmelblau")
        directory.write(RUN, MAIN + shell("/bin/false"))
        time.sleep(0.5)
        assert directory.passwd("user02")[-1] == "/bin/bash"
        directory.out("mv", ETC, f"{ETC}.away")
        shows(directory, "/bin/false")
        directory.out("rm", RUN)
        shows(directory, "/bin/true")
        directory.out("ln", "-s", "/dev/null", ETC)
        complains(directory, "No domain is configured")
        assert directory.passwd("user02")[-1] == "/bin/true"
        dropin(directory, ETC, "10-all.conf", MAIN + shell("/bin/dash"))
        shows(directory, "/bin/dash")
        directory.out("mv", f"{ETC}.away", ETC)
        directory.out("rm", "-r", f"{ETC}.d")
        shows(directory, "/bin/bash")

    def test_however_a_file_is_changed(self, directory):
        dropin(directory, ETC, "10.conf", shell("/bin/sh"))
        shows(directory, "/bin/sh")
        directory.out("sed", "-i", "s,/bin/sh,/bin/dash,", f"{ETC}.d/10.conf")
        shows(directory, "/bin/dash")
        directory.out("sh", "-c", f"echo 'shell = /bin/true' >> {ETC}.d/10.conf")
        shows(directory, "/bin/true")
        directory.out("mkdir", "-p", "/srv/store/v1", "/srv/store/v2")
        directory.write("/srv/store/v1/x", shell("/bin/false"))
        directory.write("/srv/store/v2/x", shell("/bin/sh"))
        directory.out("sh", "-c", f"ln -s v1 /srv/store/now; ln -sf /srv/store/now/x {ETC}.d/10.conf")
        shows(directory, "/bin/false")
        directory.write("/srv/store/v1/x", shell("/bin/dash"))
        shows(directory, "/bin/dash")
        directory.out("ln", "-sfn", "v2", "/srv/store/now")
        shows(directory, "/bin/sh")
        directory.out("sh", "-c", f"cp -a /etc/himmelblau /etc/new && rm /etc/new/himmelblau.conf.d/10.conf && echo '{shell('/bin/true')}' > /etc/new/himmelblau.conf.d/10.conf"
                      " && mv /etc/himmelblau /etc/old && mv /etc/new /etc/himmelblau")
        shows(directory, "/bin/true")
        directory.out("rm", f"{ETC}.d/10.conf")
        shows(directory, "/bin/bash")
        directory.out("rm", "-r", "/etc/old")

    def test_two_hundred_quick_edits(self, directory):
        before = state(directory)
        script = 'for i in $(seq 200); do printf "[global]\\nshell = /bin/%s\\n" $i > $1.d/10.conf; [ $((i % 10)) = 0 ] && sleep 0.03; done; ' \
                 'printf "[global]\\nshell = /bin/dash\\n" > $1.d/10.conf'
        begin = len(directory.log())
        directory.out("sh", "-c", f"mkdir -p $1.d; {script}", "edits", ETC)
        shows(directory, "/bin/dash")
        assert 1 <= directory.log()[begin:].count("config.published") < 20
        settles(directory, before)

    def test_what_is_broken_changes_nothing_and_is_named(self, directory):
        dropin(directory, ETC, "10.conf", shell("/bin/dash"))
        shows(directory, "/bin/dash")
        file = f"{ETC}.d/20.conf"
        for text, why in (("[global]\nshell = /bin/sh\n[oops\n", f"{file}:3: a section line without the closing ]"), ("[global]\n= x\n", f"{file}:2: a value without"),
                          ("[global]\nshell = /bin/sh\0\n", f"{file}:2: a NUL byte"), ("#" * (1 << 20) + "\n", f"{file}: larger than 1 MiB")):
            directory.write(file, text)
            complains(directory, f"The changed configuration is not used: {why}")
            assert directory.passwd("user02")[-1] == "/bin/dash"
        directory.out("sh", "-c", f"printf '[global]\\nshell = /bin/gr\\374n\\n' > {file}")
        complains(directory, f"{file}:2: the file is not UTF-8")
        directory.write(file, shell("/bin/sh"))
        shows(directory, "/bin/sh")
        assert "not used" not in directory.troubles()
        directory.out("sh", "-c", f"rm -r {ETC}.d; mv {ETC} {ETC}.away")
        complains(directory, "No configuration found")
        assert directory.passwd("user02")[-1] == "/bin/sh", "all that is left is what runs"
        directory.out("mv", f"{ETC}.away", ETC)
        shows(directory, "/bin/bash")

    def test_permissions_of_the_file(self, directory):
        dropin(directory, ETC, "10.conf", shell("/bin/dash"))
        shows(directory, "/bin/dash")
        file = f"{ETC}.d/10.conf"
        for change, why in (("chmod 666", f"{file} can be changed by users other than its owner (mode 0666)"), ("chown himmelblaud", f"{file} can be changed by its owner")):
            directory.out("sh", "-c", f"{change} {file}")
            complains(directory, why)
            assert directory.passwd("user02")[-1] == "/bin/dash", "said, and used"
            directory.out("sh", "-c", f"chmod 644 {file}; chown root {file}")
            directory.eventually(lambda: file not in directory.troubles(), what="an end of it")
        directory.out("chmod", "777", f"{ETC}.d")
        complains(directory, f"{ETC}.d can be changed by users other than its owner")
        directory.out("chmod", "755", f"{ETC}.d")
        for target in (file, f"{ETC}.d"):
            directory.out("chmod", "go-rwx", target)
            complains(directory, "Make it readable")
            directory.write(file, shell("/bin/sh"))
            directory.out("chmod", "go+rX", target)
            shows(directory, "/bin/sh")
            directory.write(file, shell("/bin/dash"))
            shows(directory, "/bin/dash")


class TestDialect:
    def test_as_an_editor_of_another_system_leaves_it(self, directory):
        text = "\ufeff; from elsewhere\r\nshell = /bin/true\r\n  [ GLOBAL ] # all\r\n\tDomain : " + f"{DOMAIN},{OTHER} ; two\r\n"
        text += "home_attr=CN\r\nHOME_ALIAS = cn\r\nshell = /bin/false\r\nShell:/bin/dash#/bin/sh\r\nhome_prefix\r\n"
        text += f"[{DOMAIN.upper()}] trailing\r\nshell = /bin/true\r\nshell\r\n[{OTHER}]\r\nidmap_range = 2000300000-2000399999\r\nhome_prefix = /srv/x = y\r\n[{OTHER}]\r\nhome_attr = spn"
        directory.write(CONF, text)
        shows(directory, "/bin/dash")
        assert directory.passwd("user02")[5] == "/home/user02"
        assert directory.passwd(f"user02@{OTHER}")[5] == "/srv/x = y/user02"
        told = directory.out("aad-tool", "config")
        assert f"# warning: {CONF}:2: shell is before the first section" in told
        assert f"shell = /bin/dash    # {CONF}:8" in told


class TestOptions:
    def test_values_that_would_hide_everybody_are_refused_with_their_place(self, directory):
        directory.configure("shell = /bin/b:ash\nhome_prefix = ho:me\ncache_timeout = 99999999999999999999", own="shell = zsh")
        complains(directory, f'{CONF}:5: shell = "/bin/b:ash" is not valid')
        said = directory.troubles()
        assert 'home_prefix = "ho:me"' in said and 'cache_timeout = "99999999999999999999"' in said and 'shell = "zsh"' in said
        assert directory.passwd("user02")[5:] == ["/home/user02", "/bin/bash"]
        directory.configure("cache_timeout = 18446744073709551615\nshell = /bin/dash")
        shows(directory, "/bin/dash")
        with Peer(directory, "lookup") as peer:
            peer.send(lookup(1, "user02"))
            assert b"user02" in b"".join(peer.receive()[1]), "no clock overflows"

    def test_the_user_map_may_move(self, directory):
        directory.run("useradd", "-m", "-u", "7810", "mapped")
        directory.write("/srv/people", f"mapped:user02@{DOMAIN}\n")
        directory.configure("user_map_file = /srv/people")
        directory.eventually(lambda: (directory.passwd(f"user02@{DOMAIN}") or [""])[0] == "mapped", what="the new map")
        assert directory.passwd(f"user02@{DOMAIN}")[2] == "7810"
        directory.configure()
        directory.eventually(lambda: (directory.passwd("user02") or [""] * 3)[2] == "773235643", what="the old one, which is empty")

    def test_what_a_session_gets(self, directory):
        """Lists of all sections together, those of [global] alone, and the next session after a change."""
        directory.run("groupadd", "-r", "wardens")
        directory.write("/etc/skel/.from-skel", "x\n")
        directory.write("/usr/local/sbin/gate", "#!/bin/sh\nexit 2\n")
        directory.out("chmod", "755", "/usr/local/sbin/gate")
        names = ("sess1", "sess2", "sess3")
        for name in names:
            directory.add(name)
        for group, name in zip(ADMINS, names):
            directory.tenant("group", "add", f"adm-{name}", "--id", group, "--member", f"{name}@{DOMAIN}")
        session = f"local_sudo_group = wardens\nlocal_groups = users\nuse_etc_skel = true\nsubid_range = 3000000000-3000999999\nsudo_groups = {ADMINS[0]}"
        begin = len(directory.log())
        directory.configure(session, own=f"sudo_groups = {ADMINS[1]}\nlocal_groups = games\nuse_etc_skel = false")
        directory.eventually(lambda: "local_groups is read from [global] only" in directory.log()[begin:], what="a warning")
        time.sleep(0.3)
        for name in names[:2]:
            directory.signed_in(name)
            assert {"wardens", "users"} == set(directory.out("sh", "-c", f"grep -w {name} /etc/group | cut -d: -f1").split()), name
            assert ".from-skel" in directory.out("ls", "-A", f"/home/{name}").split()
            assert 3000000000 <= int(re.search(rf"^{name}:(\d+):", directory.out("cat", "/etc/subuid"), re.MULTILINE)[1]) <= 3000999999
        directory.configure("local_groups = games\nsubid_range = 4100000000-4100999999\nlogon_script = /usr/local/sbin/gate")
        time.sleep(0.7)
        directory.eventually(lambda: not directory.sign_in("sess1")[0], what="a script that keeps out")
        directory.configure("local_groups = games\nsubid_range = 4100000000-4100999999")
        directory.await_name("sess3")
        time.sleep(0.7)
        directory.eventually(lambda: directory.sign_in("sess3")[0], what="nothing that keeps out")
        assert directory.out("sh", "-c", "grep -w sess3 /etc/group | cut -d: -f1").split() == ["games"]
        assert ".from-skel" not in directory.out("ls", "-A", "/home/sess3")
        assert ":41" in directory.out("grep", "sess3", "/etc/subuid")
        assert ":30" in directory.out("grep", "sess1", "/etc/subuid"), "who has some keeps them"
        for group in ADMINS:
            directory.tenant("group", "del", group)


def test_options_that_would_give_known_users_other_ids_wait(directory):
    name, mine = f"user02@{OTHER}", directory.passwd(f"user02@{OTHER}")
    pid = directory.daemon_pid()
    directory.configure("shell = /bin/dash", other="idmap_range = 2000500000-2000599999")
    shows(directory, "/bin/dash", name)
    complains(directory, f"idmap_range = 2000500000-2000599999 of {OTHER} instead of 2000300000-2000399999")
    assert directory.passwd(name)[2:4] == mine[2:4]
    new = by_name(name, 2000500000, 2000599999)
    told = directory.admin("idmap", "reassign", "--dry-run")
    assert f"{name}: {mine[2]} -> {new}" in told.stdout.splitlines() and "nothing was changed" in told.stderr
    assert directory.passwd(mine[2])[0] == name and directory.daemon_pid() == pid
    assert directory.admin("idmap", "check").returncode == 1
    directory.reassign()
    assert directory.passwd(name)[2:4] == [new, new]
    assert directory.passwd(mine[2]) is None
    assert "instead of" not in directory.troubles()
