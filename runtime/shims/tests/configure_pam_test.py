"""aad-tool configure-pam on the PAM files of several distributions."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest

TOOL = os.environ["CONFIGURE_PAM"]
STOCK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pam.d")
DECIDE = (
    "[success=done ignore=ignore user_unknown=ignore service_err=ignore system_err=ignore "
    "authinfo_unavail=ignore module_unknown=ignore default=die]"
)
AUTH = f"auth\t{DECIDE}\tpam_himmelblau.so ignore_unknown_user set_authtok"
ACCOUNT = "account\t[success=ok auth_err=die acct_expired=die default=ignore]\tpam_himmelblau.so ignore_unknown_user"
SESSION = "session\toptional\tpam_himmelblau.so"
PASSWORD = (
    "password\t[success=done ignore=ignore module_unknown=ignore default=die]\t"
    "pam_himmelblau.so ignore_unknown_user set_authtok"
)
UNSEAL = "auth\toptional\tpam_himmelblau.so try_unseal"
ROOT = os.geteuid() == 0


class Case(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="configure-pam-")
        self.addCleanup(shutil.rmtree, self.root)
        os.chmod(self.root, 0o755)
        self.folder = os.path.join(self.root, "etc/pam.d")
        os.makedirs(self.folder)

    def stock(self, distribution):
        for name in os.listdir(os.path.join(STOCK, distribution)):
            shutil.copy(os.path.join(STOCK, distribution, name), self.folder)
        if distribution == "suse":
            for name in ("auth", "account", "session", "password"):
                os.symlink(f"common-{name}-pc", os.path.join(self.folder, f"common-{name}"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="latin-1") as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="latin-1") as file:
            file.write(text)

    def tree(self):
        """Everything that can be seen of the folder's files."""
        seen = {}
        for name in sorted(os.listdir(self.folder)):
            status = os.lstat(self.path(name))
            link = os.readlink(self.path(name)) if stat.S_ISLNK(status.st_mode) else self.read(name)
            seen[name] = (status.st_mode, status.st_uid, status.st_gid, status.st_ino, status.st_mtime_ns, link)
        return seen

    def run_tool(self, *words, code=0, tool=TOOL, **options):
        done = subprocess.run([tool, self.root, *words], capture_output=True, text=True, timeout=30, check=False, **options)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done

    def really(self, *words, code=0):
        return self.run_tool("--really", *words, code=code)

    def refused(self, *words, why):
        """Says why and leaves everything as it is, in a dry run, too."""
        before = self.tree()
        for mode in ((), ("--really",)):
            done = self.run_tool(*mode, *words, code=1)
            self.assertIn(why, done.stderr)
            self.assertIn("nothing was changed", done.stderr)
            self.assertEqual("", done.stdout)
            self.assertEqual(before, self.tree())

    def lines(self, name):
        return self.read(name).splitlines()

    def around(self, name, line):
        """The lines before and after ours, which stands there once."""
        lines = self.lines(name)
        self.assertEqual(1, lines.count(line), self.read(name))
        at = lines.index(line)
        return lines[at - 1] if at > 0 else None, lines[at + 1] if at + 1 < len(lines) else None


class DryRun(Case):
    def test_shows_the_text_and_writes_nothing(self):
        self.stock("fedora")
        before = self.tree()
        out = self.run_tool().stdout
        self.assertEqual(before, self.tree())
        text = f"[{self.path('system-auth')}] (dry run):\n"
        self.assertEqual(1, out.count(text))
        self.really()
        self.assertIn(text + self.read("system-auth") + "\n", out)
        self.assertIn(f"[{self.path('password-auth')}] (dry run):\n{self.read('password-auth')}", out)

    @unittest.skipUnless(ROOT, "needs root")
    def test_anyone_may_see_but_only_root_may_change(self):
        self.stock("arch")
        # The source tree may be in root's home.
        nobody = {"tool": shutil.copy(TOOL, os.path.join(self.root, "tool")), "user": 65534, "group": 65534, "extra_groups": []}
        self.run_tool(**nobody)
        before = self.tree()
        done = self.run_tool("--really", code=1, **nobody)
        self.assertEqual("This command must be run as root.\n", done.stderr)
        self.assertEqual(before, self.tree())

    def test_wrong_options(self):
        self.stock("arch")
        before = self.tree()
        for words in (
            ["--realy"], ["extra"], ["--auth-file"], ["--auth-file="], ["--auth-file", "a", "--auth-file", "b"],
            ["--auth-files", "a"], ["--try-unseal", "--session-file", "x"],
        ):  # fmt: skip
            self.assertIn("configure-pam", self.run_tool("--really", *words, code=2).stderr)
        self.assertEqual(before, self.tree())


@unittest.skipUnless(ROOT, "needs root")
class Places(Case):
    def test_fedora_and_rhel(self):
        for distribution in ("fedora", "rhel-9"):
            for name in os.listdir(self.folder):
                os.unlink(self.path(name))
            self.stock(distribution)
            self.really()
            for name in ("system-auth", "password-auth"):
                self.assertTrue(self.around(name, AUTH)[1].split()[2] == "pam_env.so")
                self.assertEqual("account", self.around(name, ACCOUNT)[1].split()[0])
                self.assertIn(self.around(name, ACCOUNT)[1].split()[2], ("pam_unix.so", "pam_faillock.so"))
                self.assertEqual("", self.around(name, ACCOUNT)[0])
                self.assertIn("pam_pwquality.so", self.around(name, PASSWORD)[1])
                self.assertEqual(SESSION, self.lines(name)[-1])
                self.assertEqual("#%PAM-1.0", self.lines(name)[0])
                without = [line for line in self.lines(name) if "pam_himmelblau" not in line]
                with open(os.path.join(STOCK, distribution, name), encoding="ascii") as file:
                    self.assertEqual(file.read().splitlines(), without)

    def test_suse_without_pam_config(self):
        self.stock("suse")
        self.really()
        self.assertTrue(os.path.islink(self.path("common-auth")))
        self.assertIn("pam_env.so", self.around("common-auth", AUTH)[1])
        self.assertIn("pam_unix.so", self.around("common-account", ACCOUNT)[1])
        self.assertIn("pam_cracklib.so", self.around("common-password", PASSWORD)[1])
        self.assertEqual(SESSION, self.lines("common-session")[-1])

    def test_arch_has_each_line_once_and_before_the_jumps(self):
        self.stock("arch")
        login = self.read("system-login")
        self.really()
        self.assertEqual(login, self.read("system-login"))
        self.assertIn("pam_faillock.so      preauth", self.around("system-auth", AUTH)[1])
        # pam_systemd_home jumps over pam_unix: a line between them would change where it lands.
        self.assertIn("pam_systemd_home.so", self.around("system-auth", ACCOUNT)[1])
        self.assertIn("pam_systemd_home.so", self.around("system-auth", PASSWORD)[1])
        self.assertEqual(SESSION, self.lines("system-auth")[-1])

    def test_debian_outside_of_what_pam_auth_update_writes(self):
        self.stock("debian")
        self.really()
        primary = '# here are the per-package modules (the "Primary" block)'
        self.assertEqual(primary, self.around("common-auth", AUTH)[1])
        self.assertEqual(primary, self.around("common-account", ACCOUNT)[1])
        self.assertEqual(primary, self.around("common-password", PASSWORD)[1])
        self.assertEqual("# end of pam-auth-update config", self.around("common-session", SESSION)[0])

    def test_advice_where_pam_auth_update_is(self):
        self.stock("debian")
        os.makedirs(os.path.join(self.root, "usr/sbin"))
        shutil.copy("/bin/true", os.path.join(self.root, "usr/sbin/pam-auth-update"))
        self.assertIn("pam-auth-update --enable himmelblau", self.run_tool().stderr)
        self.really()
        self.assertEqual("", self.really().stderr)

    def test_given_files(self):
        self.stock("arch")
        self.write("one", "auth required pam_unix.so\n")
        self.write("two", "account required pam_unix.so")
        for name in ("three", "four"):
            self.write(name, "")
        before = self.read("system-auth")
        self.really(
            "--auth-file", self.path("one"), f"--account-file={self.path('two')}",
            "--session-file", self.path("three"), "--password-file", self.path("four"),
        )  # fmt: skip
        self.assertEqual(before, self.read("system-auth"))
        self.assertEqual(f"{AUTH}\nauth required pam_unix.so\n", self.read("one"))
        self.assertEqual(f"{ACCOUNT}\naccount required pam_unix.so", self.read("two"))
        self.assertEqual(f"{SESSION}\n", self.read("three"))
        self.assertEqual(f"{PASSWORD}\n", self.read("four"))

    def test_a_last_line_without_newline_stays_a_line(self):
        self.write("x", "session required pam_unix.so")
        self.stock("arch")
        self.really("--session-file", self.path("x"))
        self.assertEqual(f"session required pam_unix.so\n{SESSION}\n", self.read("x"))

    def test_not_among_lines_that_a_jump_counts(self):
        self.stock("arch")
        for jump, moved in (("success=1", False), ("success=2", True), ("default=bad success=3", True), ("success=ok", False)):
            self.write("x", f"account [{jump}] pam_a.so\naccount required pam_b.so\naccount required pam_unix.so\naccount required pam_c.so\n")
            self.really("--account-file", self.path("x"))
            self.assertEqual(0 if moved else 2, self.lines("x").index(ACCOUNT), jump)
        self.write("x", "account [success=1] pam_a.so\naccount include y\naccount required pam_unix.so\n")
        self.really("--account-file", self.path("x"))
        self.assertEqual(0, self.lines("x").index(ACCOUNT), "nobody knows how many lines y has")
        self.write("x", "session [success=1] pam_a.so\n")
        self.really("--session-file", self.path("x"))
        self.assertEqual(0, self.lines("x").index(SESSION), "the jump leads out of the file")

    def test_continued_lines_stay_whole(self):
        self.stock("arch")
        self.write("x", "account required \\\n  pam_permit.so \\\n  debug\n-Account\trequired /lib/security/pam_unix.so # remark\n")
        self.really("--account-file", self.path("x"))
        self.assertEqual(ACCOUNT, self.lines("x")[3])
        self.assertEqual(5, len(self.lines("x")))

    def test_which_module_asks_for_a_new_password(self):
        self.stock("arch")
        for text, collects in (
            ("password required pam_unix.so use_authtok\n", True),
            ("password required pam_unix.so\n", False),
            ("password requisite pam_pwquality.so\npassword required pam_unix.so use_authtok\n", False),
            ("password required pam_pwhistory.so use_authtok\npassword required pam_unix.so use_authtok\n", True),
            ("password required pam_permit.so\npassword required pam_unix.so use_authtok\n", True),
            ("auth required pam_unix.so use_authtok\npassword required pam_unix.so\n", False),
        ):
            self.write("x", text)
            self.really("--password-file", self.path("x"))
            self.assertEqual(collects, PASSWORD + " collect_authtok" in self.lines("x"), text)
            self.assertEqual(not collects, PASSWORD in self.lines("x"), text)


@unittest.skipUnless(ROOT, "needs root")
class Again(Case):
    def test_a_second_time_changes_nothing(self):
        for distribution in os.listdir(STOCK):
            for name in os.listdir(self.folder):
                os.unlink(self.path(name))
            self.stock(distribution)
            self.really()
            before = self.tree()
            self.assertIn("nothing to change", self.really().stdout)
            self.assertEqual(before, self.tree())

    def test_lines_of_the_administrator_stay(self):
        self.stock("arch")
        for stack, kind in (("auth", AUTH), ("account", ACCOUNT), ("session", SESSION), ("password", PASSWORD)):
            for line in (
                kind.replace("pam_himmelblau.so", "pam_himmelblau.so mfa_poll_prompt"),
                "-" + kind.replace("\t", "   "),
                kind.replace("pam_himmelblau.so", "/usr/lib64/security/pam_himmelblau.so \\\n no_hello_pin"),
                kind.replace(kind.split("\t")[1], "required"),
            ):
                text = f"{stack} required pam_env.so\n{line}\n{stack} required pam_unix.so\n"
                self.write("x", text)
                self.assertIn("nothing to change", self.really(f"--{stack}-file", self.path("x")).stdout)
                self.assertEqual(text, self.read("x"))

    def test_a_commented_line_and_another_stack_do_not_count(self):
        self.stock("arch")
        self.write("x", f"# {AUTH}\n{SESSION}\nauth optional pam_not_himmelblau.so\nauth optional pam_himmelblau.so try_unseal\n")
        self.really("--auth-file", self.path("x"))
        self.assertIn(AUTH, self.lines("x"))

    def test_an_account_line_that_lets_refused_users_in_is_repaired(self):
        self.stock("arch")
        for control, stays in (
            ("sufficient", False), ("optional", False), ("[success=ok default=ignore]", False),
            ("[auth_err=ignore default=bad]", False), ("[success=ok auth_err=die acct_expired=die default=ignore]", True),
            ("[success=ok auth_err=die default=ignore]", False), ("[success=ok auth_err=bad acct_expired=bad default=ignore]", True), ("[success=ok ignore=ignore default=die]", True),
            ("[success=ok ignore=ignore]", True), ("required", True), ("requisite", True),
        ):  # fmt: skip
            text = f"account {control} pam_himmelblau.so debug\naccount required pam_unix.so\n"
            self.write("x", text)
            self.really("--account-file", self.path("x"))
            mended = text if stays else text.replace(control, "[success=ok auth_err=die acct_expired=die default=ignore]")
            self.assertEqual(mended, self.read("x"))

    def test_a_password_line_that_blocks_local_users_is_repaired(self):
        self.stock("arch")
        self.write("x", "password sufficient pam_himmelblau.so set_authtok # ours\npassword required pam_unix.so use_authtok\n")
        self.really("--password-file", self.path("x"))
        self.assertEqual("password sufficient pam_himmelblau.so set_authtok collect_authtok # ours", self.lines("x")[0])


@unittest.skipUnless(ROOT, "needs root")
class Unseal(Case):
    def test_only_that_line_at_the_end_of_the_stack(self):
        self.stock("arch")
        self.really("--try-unseal")
        ours = [line for line in self.lines("system-auth") if "himmelblau" in line]
        self.assertEqual([UNSEAL], ours)
        self.assertIn("authsucc", self.around("system-auth", UNSEAL)[0])
        self.assertIn("nothing to change", self.really("--try-unseal").stdout)
        self.really()
        self.assertEqual(5, self.read("system-auth").count("pam_himmelblau.so"))
        self.really("--undo", "--try-unseal")
        self.assertNotIn(UNSEAL, self.lines("system-auth"))
        self.assertEqual(4, self.read("system-auth").count("pam_himmelblau.so"))

    def test_not_where_only_failed_sign_ins_come_by(self):
        self.stock("fedora")
        self.refused("--try-unseal", why="system-auth:12: a line after pam_deny.so would be reached by failed sign-ins only")


class Refusals(Case):
    def test_what_libpam_would_not_take(self):
        for line, why in (
            ("auht required pam_unix.so", "the first word is none of"),
            ("auth requird pam_unix.so", "the second word is not a control value"),
            ("auth [success=1 pam_unix.so", "the second word is not a control value"),
            ("auth required pam_unix.so [a b", "a [ is not closed"),
            ("auth required", "the module is missing"),
            ("auth", "the control is missing"),
            ("@include", "@include names no file"),
            ("auth required pam_unix.so \\", "a backslash continues the line, but the file ends there"),
            ("auth required pam_unix.so # x \\", "a comment that ends with a backslash"),
            ("# x \\", "a comment that ends with a backslash"),
            ("auth required \\ \n pam_unix.so", "there are blanks after the backslash"),
        ):
            self.stock("rhel-9")
            with open(self.path("password-auth"), "a", encoding="ascii") as file:
                file.write(f"\n{line}\n")
            row = len(self.lines("password-auth")) - line.count("\n")
            self.refused(why=f"password-auth:{row}: {why}")
        self.stock("rhel-9")
        self.write("system-auth", "auth required pam_unix.so\0\n")
        self.refused(why="system-auth: the file is not a text file")
        self.write("system-auth", "#" * (256 * 1024 + 1))
        self.refused(why="system-auth: File too large")

    def test_every_obstacle_is_named_at_once(self):
        self.write("system-auth", "x\n")
        self.write("password-auth", "\n\ny\n")
        stderr = self.run_tool(code=1).stderr
        self.assertIn("system-auth:1: ", stderr)
        self.assertIn("password-auth:3: ", stderr)

    def test_no_file(self):
        for stack in ("auth", "account", "session", "password"):
            self.refused(why=f"no file of the {stack} stack in {self.folder}; name one with --{stack}-file")
        self.stock("arch")
        self.refused("--auth-file", self.path("absent"), why="absent: No such file or directory")
        self.refused("--auth-file", os.path.join(self.root, "no/folder"), why="no/folder: No such file or directory")

    def test_links(self):
        self.stock("fedora")
        os.makedirs(os.path.join(self.root, "etc/authselect"))
        managed = os.path.join(self.root, "etc/authselect/system-auth")
        shutil.move(self.path("system-auth"), managed)
        os.symlink(managed, self.path("system-auth"))
        self.refused(why="system-auth: authselect writes this file (it is a link); use \"authselect select himmelblau\"")
        self.refused("--auth-file", managed, why="authselect writes this file; use")
        os.unlink(self.path("system-auth"))
        os.symlink("/etc/passwd", self.path("system-auth"))
        self.refused(why="system-auth: is a link to /etc/passwd; name that file instead")
        os.unlink(self.path("system-auth"))
        os.symlink(self.path("nowhere"), self.path("system-auth"))
        self.refused(why="system-auth: is a link to")
        os.unlink(self.path("system-auth"))
        os.mkdir(self.path("system-auth"))
        self.assertIn("system-auth: is not a regular file", self.run_tool(code=1).stderr)
        os.rmdir(self.path("system-auth"))
        os.mkfifo(self.path("system-auth"))
        self.assertIn("system-auth: is not a regular file", self.run_tool(code=1).stderr)
        os.symlink(self.folder, os.path.join(self.root, "linked"))
        self.assertIn("its directory: ", self.run_tool("--auth-file", os.path.join(self.root, "linked/password-auth"), code=1).stderr)

    def test_what_pam_config_writes(self):
        self.stock("suse")
        os.makedirs(os.path.join(self.root, "usr/sbin"))
        shutil.copy("/bin/true", os.path.join(self.root, "usr/sbin/pam-config"))
        self.refused(why="common-auth: pam-config writes this file (it is a link); use \"pam-config --add --himmelblau\"")
        self.refused("--auth-file", self.path("common-auth-pc"), why="common-auth-pc: pam-config writes this file; use")

    def test_a_link_to_a_link(self):
        self.stock("suse")
        shutil.move(self.path("common-auth-pc"), self.path("elsewhere"))
        os.symlink("elsewhere", self.path("common-auth-pc"))
        self.refused(why="common-auth-pc: is a link to a link")

    @unittest.skipUnless(ROOT, "needs root")
    def test_a_folder_that_others_may_change(self):
        self.stock("arch")
        before = self.tree()
        for mode in (0o777, 0o1777, 0o775):
            os.chmod(self.folder, mode)
            self.assertIn("users other than root may change its directory", self.really(code=1).stderr)
        os.chmod(self.folder, 0o755)
        os.chown(self.folder, 65534, 0)
        self.assertIn("users other than root may change its directory", self.really(code=1).stderr)
        self.assertEqual(before, self.tree())

    @unittest.skipUnless(ROOT, "needs root")
    def test_one_at_a_time(self):
        import fcntl

        self.stock("arch")
        before = self.tree()
        folder = os.open(self.folder, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        self.assertIn("is running", self.really(code=1).stderr)
        os.close(folder)
        self.assertEqual(before, self.tree())
        self.really()

    @unittest.skipUnless(ROOT, "needs root")
    def test_a_file_that_changes_in_the_meantime(self):
        """The program stops at the moment after reading, by a library that is put before libc."""
        self.stock("arch")
        source = os.path.join(self.root, "meanwhile.c")
        library = os.path.join(self.root, "meanwhile.so")
        with open(source, "w", encoding="ascii") as file:
            # configure-pam blocks signals once, after all files were read and worked out.
            file.write(
                "#include <signal.h>\n#include <stdlib.h>\n"
                "int sigprocmask(int how, const sigset_t *set, sigset_t *old)\n"
                "{ (void)set; (void)old; return how == SIG_BLOCK ? system(getenv(\"MEANWHILE\")) : 0; }\n"
            )
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
        path = self.path("system-auth")
        before = self.read("system-auth")
        meanwhile = f"echo '# new' >>{path}"
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        done = self.run_tool(
            "--really", code=1, env={**os.environ, "LD_PRELOAD": library, "ASAN_OPTIONS": asan, "MEANWHILE": meanwhile}
        )
        self.assertIn("system-auth: another program has changed the file in the meantime", done.stderr)
        self.assertEqual(before + "# new\n", self.read("system-auth"))

    @unittest.skipUnless(ROOT, "needs root")
    def test_a_write_that_fails_changes_nothing(self):
        self.stock("suse")
        # Something in the way of the last of the new files that is no file.
        os.mkdir(self.path(".common-auth-pc.himmelblau-new"))
        before = self.tree_of_files()
        self.assertIn("nothing was changed", self.really(code=1).stderr)
        self.assertEqual(before, self.tree_of_files())

    @unittest.skipUnless(ROOT, "needs root")
    def test_a_failure_half_way_is_rolled_back(self):
        self.stock("suse")
        # The backup of the last file cannot be made: a folder has its name.
        os.mkdir(self.path("common-auth-pc.before-himmelblau"))
        os.mkdir(self.path(".common-auth-pc.himmelblau-old"))
        before = {name: self.read(name) for name in os.listdir(self.folder) if name.endswith("-pc")}
        self.assertIn("nothing was changed", self.really(code=1).stderr)
        self.assertEqual(before, {name: self.read(name) for name in before})
        self.assertEqual([], [name for name in os.listdir(self.folder) if name.endswith("-new")])

    def tree_of_files(self):
        return {name: self.read(name) for name in os.listdir(self.folder) if os.path.isfile(self.path(name))}


@unittest.skipUnless(ROOT, "needs root")
class Files(Case):
    def test_owner_mode_and_attributes_stay(self):
        self.stock("arch")
        os.chown(self.path("system-auth"), 12, 34)
        os.chmod(self.path("system-auth"), 0o640)
        attributes = {"trusted.himmelblau-test": b"\0value", "security.himmelblau-test": b"label"}
        for name, value in attributes.items():
            try:
                os.setxattr(self.path("system-auth"), name, value)
            except OSError as error:
                self.skipTest(f"no attributes here: {error}")
        self.really()
        for name in ("system-auth", "system-auth.before-himmelblau"):
            status = os.stat(self.path(name))
            self.assertEqual((12, 34, 0o100640), (status.st_uid, status.st_gid, status.st_mode))
            for attribute, value in attributes.items():
                self.assertEqual(value, os.getxattr(self.path(name), attribute))

    def test_files_of_an_interrupted_run_do_not_disturb(self):
        self.stock("arch")
        os.symlink("/etc/passwd", self.path(".system-auth.himmelblau-new"))
        self.write(".system-auth.himmelblau-old", "x")
        passwd = os.stat("/etc/passwd").st_mtime_ns
        self.really()
        self.assertEqual(passwd, os.stat("/etc/passwd").st_mtime_ns)
        self.assertEqual(["system-auth", "system-auth.before-himmelblau", "system-login"], sorted(os.listdir(self.folder)))


@unittest.skipUnless(ROOT, "needs root")
class Undo(Case):
    def test_brings_back_the_very_files(self):
        for distribution in os.listdir(STOCK):
            for name in os.listdir(self.folder):
                os.unlink(self.path(name))
            self.stock(distribution)
            before = self.tree()
            self.really()
            self.assertNotEqual(before, self.tree())
            shown = self.run_tool("--undo").stdout
            self.assertIn("(dry run):", shown)
            self.assertNotIn("pam_himmelblau", shown)
            self.really("--undo")
            self.assertEqual(before, self.tree())
            self.really("--undo")
            self.assertEqual(before, self.tree())

    def test_brings_back_lines_of_ours_that_were_there_before(self):
        self.stock("arch")
        self.write("system-auth", "account sufficient pam_himmelblau.so\n" + self.read("system-auth"))
        before = self.tree()
        self.really()
        self.assertIn("auth_err=die", self.lines("system-auth")[0])
        self.really("--undo")
        self.assertEqual(before, self.tree())

    def test_after_two_calls(self):
        self.stock("arch")
        before = self.tree()
        self.really("--try-unseal")
        self.really()
        self.really("--undo")
        self.assertEqual(before, self.tree())

    def test_takes_out_only_our_lines_from_a_file_that_was_changed_since(self):
        self.stock("arch")
        self.really()
        changed = self.read("system-auth").replace("set_authtok", "set_authtok mfa_poll_prompt")
        self.write("system-auth", changed + "session optional pam_echo.so\n")
        out = self.really("--undo").stdout
        self.assertIn("system-auth.before-himmelblau stays", out)
        with open(os.path.join(STOCK, "arch/system-auth"), encoding="ascii") as file:
            stock = file.read()
        self.assertEqual(stock + "session optional pam_echo.so\n", self.read("system-auth"))
        self.assertEqual(stock, self.read("system-auth.before-himmelblau"))
        # The next change makes a new backup, of what is there now.
        self.really()
        self.assertEqual(stock + "session optional pam_echo.so\n", self.read("system-auth.before-himmelblau"))

    def test_the_backup_is_of_the_time_before_the_first_change(self):
        self.stock("arch")
        stock = self.read("system-auth")
        self.really("--try-unseal")
        self.write("system-auth", self.read("system-auth") + "# changed\n")
        self.really()
        self.assertEqual(stock, self.read("system-auth.before-himmelblau"))

    def test_another_mode_is_a_change_too(self):
        self.stock("arch")
        self.really()
        os.chmod(self.path("system-auth"), 0o600)
        self.really("--undo")
        self.assertEqual(0o600, stat.S_IMODE(os.stat(self.path("system-auth")).st_mode))
        self.assertNotIn("himmelblau", self.read("system-auth"))

    def test_a_link_is_no_backup(self):
        self.stock("arch")
        self.really()
        stolen = os.path.join(self.root, "stolen")
        shutil.move(self.path("system-auth.before-himmelblau"), stolen)
        os.symlink(stolen, self.path("system-auth.before-himmelblau"))
        self.really("--undo")
        self.assertFalse(os.path.islink(self.path("system-auth")))
        self.assertNotIn("himmelblau", self.read("system-auth"))

    def test_not_under_a_jump_that_counts_our_line(self):
        self.stock("arch")
        self.write("system-auth", f"auth [success=2] pam_a.so\n{AUTH}\nauth required pam_unix.so\nauth required pam_b.so\n")
        self.refused("--undo", why="system-auth:1: its jump count includes a line of pam_himmelblau.so")

    def test_what_pam_auth_update_has_written_is_its_own(self):
        self.stock("debian")
        os.makedirs(os.path.join(self.root, "usr/sbin"))
        shutil.copy("/bin/true", os.path.join(self.root, "usr/sbin/pam-auth-update"))
        block = '# here are the per-package modules (the "Primary" block)\n'
        for name, line in (("auth", AUTH), ("account", ACCOUNT), ("password", PASSWORD)):
            self.write(f"common-{name}", self.read(f"common-{name}").replace(block, f"{block}{line}\n"))
        self.write("common-session", self.read("common-session").replace("# end of", f"{SESSION}\n# end of"))
        before = self.tree()
        self.assertEqual("", self.really().stderr)
        self.assertIn("pam-auth-update --disable himmelblau", self.really("--undo").stderr)
        self.assertEqual(before, self.tree())

    def test_nothing_to_undo(self):
        self.run_tool("--undo")
        self.stock("arch")
        before = self.tree()
        self.assertIn("nothing to change", self.really("--undo").stdout)
        self.assertEqual(before, self.tree())


if __name__ == "__main__":
    unittest.main()
