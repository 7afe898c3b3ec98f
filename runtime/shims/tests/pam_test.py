"""The normal behaviour of pam_himmelblau.so."""

import contextlib
import os
import pwd
import subprocess
import unittest

from wire import ANSWER, ASK, GIVE_UP, START, WARN, end, frame, hidden, say, u32
from pam_case import MODULE, SUCCESS, SERVICE_ERR, AUTH_ERR, USER_UNKNOWN, ABORT, PamCase, replies, pin_sign_in


class Answers(PamCase):
    def test_pin(self):
        with self.daemon(pin_sign_in) as daemon:
            shown, result = self.run_hook(
                "auth", "187265", environment={"RHOST": "192.0.2.7", "TTY": "ssh", "LC_MESSAGES": "de_DE.UTF-8"}
            )
        self.assertEqual(
            ["I Use the Linux Hello PIN for this device.", "off PIN: ", "env KRB5CCNAME=KEYRING:persistent:1"], shown
        )
        self.assertEqual(SUCCESS, result)
        self.assertEqual(
            (START, [u32(1), b"user02", b"sshd", b"ssh", b"192.0.2.7", u32(0), u32(5), b"de_DE.UTF-8", b"", u32(os.getuid())]),
            daemon.seen[0],
        )
        self.assertEqual((ANSWER, [b"187265"]), daemon.seen[1])

    @unittest.skipUnless(os.getuid() == 0, "needs root")
    def test_the_caller_is_sent(self):
        """sudo is root in every respect, and says by PAM_RUSER who runs it."""
        nobody = pwd.getpwnam("nobody").pw_uid
        for environment, caller in (
            ({"RUSER": "nobody"}, nobody),
            ({"RUSER": "nobody", "RHOST": "192.0.2.7"}, 0),
            ({"RUSER": "root"}, 0),
        ):
            with self.subTest(environment=environment), self.daemon(replies(end(25))) as daemon:
                self.run_hook("auth", environment=environment)
            self.assertEqual(u32(caller), daemon.seen[0][1][9])

    def test_every_style(self):
        def script(daemon, peer):
            peer.receive()
            peer.send(frame(WARN, "careful"))
            daemon.seen.append(peer.ask(frame(ASK, "Value: ")))
            daemon.seen.append(peer.ask(hidden("Press enter to continue")))
            peer.send(end(0, "user02"))

        with self.daemon(script) as daemon:
            shown, result = self.run_hook("auth", "value", "")
        self.assertEqual(["E careful", "on Value: ", "off Press enter to continue"], shown)
        self.assertEqual(SUCCESS, result)
        self.assertEqual([(ANSWER, [b"value"]), (ANSWER, [b""])], daemon.seen)

    def test_flags_and_options(self):
        with self.daemon(replies(end(25))) as daemon:
            self.run_hook(
                "auth",
                options="no_hello_pin no_info_prompt mfa_poll_prompt ignore_unknown_user set_authtok unheard_of",
                environment={"TTY": ":0", "SILENT": "1"},
            )
        self.assertEqual([u32(1 | 4 | 8 | 16 | 32), u32(7)], daemon.seen[0][1][5:7])

    def test_authtok_of_earlier_modules_travels(self):
        for options in ("", "use_first_pass"):
            with self.daemon(replies(end(0, "user02"))) as daemon:
                _, result = self.run_hook("auth", before="set=Passw0rd!", options=options)
            self.assertEqual(SUCCESS, result)
            self.assertEqual(b"Passw0rd!", daemon.seen[0][1][8])

    def test_use_first_pass_without_authtok(self):
        with self.daemon(replies()) as daemon:
            self.assertEqual(([], AUTH_ERR), self.run_hook("auth", options="use_first_pass"))
        self.assertEqual([], daemon.seen)

    def test_set_authtok(self):
        setup = (("Entra Id Password: ", 1), ("Code: ", 0), ("New PIN: ", 1), ("Confirm PIN: ", 0))
        self.assertEqual(["answer2"], [line[10:] for line in self.authtok_after(*setup)])
        self.assertEqual(["old"], [line[10:] for line in self.authtok_after(*setup, options="")])
        self.assertEqual(["old"], [line[10:] for line in self.authtok_after(("Code: ", 0))])

    def authtok_after(self, *questions, options="set_authtok"):

        def script(_, peer):
            peer.receive()
            for prompt, keep in questions:
                peer.ask(hidden(prompt, keep))
            peer.send(end(0, "user02"))

        with self.daemon(script):
            shown, result = self.run_hook(
                "auth", *[f"answer{i}" for i in range(len(questions))], options=options, before="set=old", after="show"
            )
        self.assertEqual(SUCCESS, result)
        return [line for line in shown if line.startswith("I authtok=")]

    def test_cancelled_prompt(self):
        def script(daemon, peer):
            peer.receive()
            daemon.seen.append(peer.ask(hidden("PIN: ", 1)))
            peer.send(say("PAM_ABORT: No Entra Id Hello PIN was supplied.") + end(ABORT))

        with self.daemon(script) as daemon:
            shown, result = self.run_hook("auth", "^C")
        self.assertEqual(["off PIN: ", "I PAM_ABORT: No Entra Id Hello PIN was supplied."], shown)
        self.assertEqual(ABORT, result)
        self.assertEqual([(GIVE_UP, [])], daemon.seen)

    def test_answers_have_a_limit(self):
        def script(daemon, peer):
            peer.receive()
            daemon.seen.append(peer.ask(frame(ASK, "Value: ")))
            daemon.seen.append(peer.ask(frame(ASK, "Value: ")))
            peer.send(end(AUTH_ERR))

        with self.daemon(script) as daemon:
            _, result = self.run_hook("auth", "x" * 4097, "x" * 4096)
        self.assertEqual(AUTH_ERR, result)
        self.assertEqual([(GIVE_UP, []), (ANSWER, [b"x" * 4096])], daemon.seen)

    def test_codes(self):
        for code, options, expected in (
            (3, "", 3),
            (4, "", 4),
            (6, "", 6),
            (7, "ignore_unknown_user", 7),
            (8, "", 8),
            (10, "", USER_UNKNOWN),
            (10, "ignore_unknown_user", "ignored"),
            (11, "", 11),
            (13, "", 13),
            (25, "", "ignored"),
            (26, "", ABORT),
            (12, "", ABORT),  # PAM_NEW_AUTHTOK_REQD, a success for "sufficient"
            (31, "", ABORT),
            (4294967295, "", ABORT),
        ):
            with self.subTest(code=code, options=options), self.daemon(replies(end(code))):
                self.assertEqual(([], expected), self.run_hook("auth", options=options))

    def test_account_must_be_the_one_that_started(self):
        for user, account, expected in (
            ("user02", "User02@example.onmicrosoft.com", SUCCESS),
            ("user02", "user01", AUTH_ERR),
            ("user02@a.example", "user02@b.example", AUTH_ERR),
        ):
            with self.subTest(user=user, account=account), self.daemon(replies(end(0, account))):
                self.assertEqual(([], expected), self.run_hook("auth", user=user))

    def test_the_account_goes_by_the_shown_name_afterwards(self):
        """Modules that follow compare names; sshd would treat another name as an attack."""
        for service, user, seen in (
            ("login", "USER02", ["user user02"]), ("login", "user02@contoso.example", ["user user02"]),
            ("login", "user02", []), ("sshd", "USER02", []),
        ):
            with self.subTest(service=service, user=user), self.daemon(replies(end(SUCCESS, "user02"))):
                self.assertEqual((seen, SUCCESS), self.run_hook("auth", user=user, environment={"SERVICE": service}))

    def test_a_refused_account_keeps_the_typed_name(self):
        with self.daemon(replies(end(AUTH_ERR, "user02"))):
            self.assertEqual(([], AUTH_ERR), self.run_hook("auth", user="USER02", environment={"SERVICE": "login"}))

    def test_names_that_cannot_be_written(self):
        with self.daemon(replies(end(0, "user02"))) as daemon:
            shown, result = self.run_hook("auth", user=os.fsdecode(b"J\xfcrgen"))
        self.assertEqual(([], "ignored"), (shown, result))
        self.assertEqual([], daemon.seen)

    def test_a_remote_host_is_never_lost(self):
        for rhost in (b"\xff\xfe", b"h" * 2000):
            with self.daemon(replies(end(25))) as daemon:
                self.run_hook("auth", environment={"RHOST": os.fsdecode(rhost)})
            self.assertEqual(b"invalid", daemon.seen[0][1][4])

    def test_bad_options(self):
        self.assertEqual(([], SERVICE_ERR), self.run_hook("auth", options="\xfc"))
        self.assertEqual(([], SERVICE_ERR), self.run_hook("auth", options="socket=relative"))


class OtherHooks(PamCase):
    def hook(self, hook, code, options=""):
        with self.daemon(replies(end(code))) as daemon:
            shown, result = self.run_hook(hook, options=options)
        self.assertEqual([], shown)
        return result, [int.from_bytes(seen[1][0], "little") for seen in daemon.seen]

    def test_account(self):
        for code, options, expected in (
            (0, "", SUCCESS),
            (7, "", AUTH_ERR),
            (6, "", AUTH_ERR),
            (13, "", 13),
            (10, "", USER_UNKNOWN),
            (10, "ignore_unknown_user", "ignored"),
            (4, "", "ignored"),
            (12, "", "ignored"),
        ):
            with self.subTest(code=code, options=options):
                self.assertEqual((expected, [2]), self.hook("account", code, options))

    def test_session(self):
        self.assertEqual((SUCCESS, [3]), self.hook("open", 0))
        self.assertEqual(("ignored", [3]), self.hook("open", 4))
        self.assertEqual((SUCCESS, [6]), self.hook("close", 4))
        self.assertEqual((SUCCESS, []), self.hook("setcred", 0))

    def test_daemon_down(self):
        for hook, expected in (
            ("account", "ignored"),
            ("open", "ignored"),
            ("close", SUCCESS),
            ("setcred", SUCCESS),
            ("password", "ignored"),
        ):
            with self.subTest(hook=hook):
                self.assertEqual(([], expected), self.run_hook(hook))

    def test_change_of_pin(self):
        def script(daemon, peer):
            kind, fields = peer.receive()
            daemon.seen.append(int.from_bytes(fields[0], "little"))
            if daemon.seen[-1] == 2:
                peer.send(end(0))
                return
            peer.send(say("This command changes your local Hello PIN, NOT your Entra Id password."))
            peer.ask(hidden("New PIN: ", 1))
            peer.ask(hidden("Confirm PIN: "))
            peer.send(end(0, "user02"))

        with self.daemon(script) as daemon:
            shown, result = self.run_hook("password", "187265", "187265", options="set_authtok", after="show")
        self.assertEqual(SUCCESS, result)
        self.assertEqual([2, 4], daemon.seen)
        self.assertEqual(
            [
                "I authtok=(none)",
                "I This command changes your local Hello PIN, NOT your Entra Id password.",
                "off New PIN: ",
                "off Confirm PIN: ",
                "I authtok=187265",
            ],
            shown,
        )

    def test_passes_the_old_pin_on(self):
        """pam_gnome_keyring needs it to give the keyring the new PIN. The last answer before the change counts, not a mistyped one."""

        def script(_, peer):
            _, fields = peer.receive()
            if fields[0] == u32(2):
                peer.send(end(0))
                return
            for prompt, keep in (("PIN: ", 2), ("PIN: ", 2), ("New PIN: ", 1), ("New PIN: ", 1), ("Confirm PIN: ", 0)):
                peer.ask(hidden(prompt, keep))
            peer.send(end(code, "user02"))

        answers = ["wrong", "187265", "111111", "564738", "564738"]
        for options, code, expected in (
            ("set_authtok", 0, ["I oldauthtok=187265", "I authtok=564738"]),
            ("", 0, ["I oldauthtok=(none)", "I authtok=(none)"]),
        ):
            with self.subTest(options=options), self.daemon(script):
                shown, result = self.run_hook("password", *answers, options=options, after="show-old show")
                self.assertEqual(SUCCESS, result)
                self.assertEqual(expected, [line for line in shown if "authtok=" in line][-2:])

    def test_collects_the_new_password_of_local_users(self):
        """What use_authtok of a module after us relies on; with a daemon and without."""
        prompts = ["off New password: ", "off Retype new password: "]
        for running in (True, False):
            with self.subTest(running=running), self.daemon(replies(end(10))) if running else contextlib.nullcontext():
                self.assertEqual((prompts, "ignored"), self.run_hook("password", "new", "new", options="collect_authtok"))
        shown, _ = self.run_hook("password", "one", "other", options="collect_authtok")
        self.assertEqual([*prompts, "E Sorry, passwords do not match."], shown)
        self.assertEqual(([], "ignored"), self.run_hook("password", options="collect_authtok", before="set=given"))

    def test_a_change_that_was_ours_is_not_left_to_others(self):
        """The first phase has said so, and with that has decided on the way through the stack in the second."""
        def script(daemon, peer):
            kind, fields = peer.receive()
            peer.send(end(0 if fields[0] == u32(2) else 10))

        with self.daemon(script):
            shown, result = self.run_hook("password", options="collect_authtok")
        self.assertEqual([], shown)
        self.assertNotIn(result, (SUCCESS, "ignored"))

    def test_change_is_not_for_local_users(self):
        """Ignored already in the first phase, or pam_unix would never be reached in the second."""
        for code in (10, 25, 6, 4):
            with self.subTest(code=code):
                result, ops = self.hook_of_change(code)
                self.assertEqual("ignored", result)
                self.assertEqual([2], ops[:1])

    def hook_of_change(self, code):
        with self.daemon(replies(end(code))) as daemon:
            _, result = self.run_hook("password")
        return result, [int.from_bytes(seen[1][0], "little") for seen in daemon.seen]


class Exports(unittest.TestCase):
    def test_only_the_service_functions(self):
        symbols = subprocess.run(["nm", "-D", "--defined-only", MODULE], capture_output=True, text=True, check=True)
        names = sorted(line.split()[-1] for line in symbols.stdout.splitlines())
        expected = ["acct_mgmt", "authenticate", "chauthtok", "close_session", "open_session", "setcred"]
        self.assertEqual(["pam_sm_" + name for name in expected], [n for n in names if not n.startswith("__")])


if __name__ == "__main__":
    unittest.main()
