"""Local accounts need no daemon; for a directory account only an approval by the daemon counts."""

import os
import shutil
import threading
import time
import unittest

from wire import HEARD, NO_ROOM, Daemon, end, frame, hidden, say
from pam_case import ABORT, AUTH_ERR, BANNER, SUCCESS, USER_UNKNOWN, PamCase, replies

LOCAL = "root"  # in /etc/passwd of every host
OURS = "user02"  # in the map
NOT_CHECKED = "E The sign-in service did not say whether this account may use this host."
NO_ROOM_TEXT = "E Too many sign-ins are under way on this host. Try again in a few minutes."


class WithMap(PamCase):
    def setUp(self):
        super().setUp()
        os.mkdir(os.path.join(self.folder, "nss"))
        shutil.copy(os.environ["MAP"], os.path.join(self.folder, "nss", "map"))

    def local_names(self, text):
        with open(os.path.join(self.folder, "nss", "local-names"), "w", encoding="utf-8") as file:
            file.write(text)


class Local(WithMap):
    HOOKS = {"auth": "ignored", "account": "ignored", "open": "ignored", "close": SUCCESS, "password": "ignored"}

    def test_the_daemon_is_not_asked(self):
        with self.daemon(replies(end(AUTH_ERR))) as daemon:
            for hook, expected in self.HOOKS.items():
                with self.subTest(hook=hook):
                    shown, result = self.run_hook(hook, options="ignore_unknown_user", user=LOCAL)
                    self.assertEqual(([], expected), (shown, result))
            self.assertEqual(([], USER_UNKNOWN), self.run_hook("auth", user=LOCAL))
        self.assertEqual([], daemon.seen)

    def test_without_a_daemon_at_once_and_in_silence(self):
        began = time.monotonic()
        for hook, expected in self.HOOKS.items():
            self.assertEqual(([], expected), self.run_hook(hook, options="ignore_unknown_user", user=LOCAL))
        self.assertLess(time.monotonic() - began, 3)

    def test_the_new_password_is_still_collected(self):
        prompts = ["off New password: ", "off Retype new password: "]
        result = self.run_hook("password", "new", "new", options="ignore_unknown_user collect_authtok", user=LOCAL)
        self.assertEqual((prompts, "ignored"), result)

    def test_one_that_the_user_map_names_signs_in_to_the_directory(self):
        self.local_names("someone\nroot\n")
        with self.daemon(replies(end(0, "root"))) as daemon:
            self.assertEqual(([], SUCCESS), self.run_hook("auth", user=LOCAL))
            for account in ("daemon", "root@example.onmicrosoft.com"):
                daemon.script = replies(end(0, account))
                self.assertEqual(([], AUTH_ERR), self.run_hook("auth", user=LOCAL))
        self.assertEqual(([], "ignored"), self.run_hook("account", user=LOCAL))

    def test_names_that_only_begin_alike(self):
        self.local_names("rootless\nro\n\n")
        with self.daemon(replies(end(AUTH_ERR))) as daemon:
            self.assertEqual(([], "ignored"), self.run_hook("auth", user=LOCAL, options="ignore_unknown_user"))
            self.assertEqual([], daemon.seen)
            for user in ("roo", "root:x", "root2"):
                self.assertEqual(([], AUTH_ERR), self.run_hook("auth", user=user))


class OfTheDirectory(WithMap):
    def test_no_answer_means_no(self):
        self.assertEqual(([NOT_CHECKED], AUTH_ERR), self.run_hook("account", options="ignore_unknown_user", user=OURS))
        self.assertEqual(([], "ignored"), self.run_hook("account", options="ignore_unknown_user", user="somebody"))
        self.assertEqual(([], AUTH_ERR), self.run_hook("account", user=OURS, environment={"SILENT": "1"}))

    def test_only_yes_means_yes(self):
        for reply, expected in (
            (end(0, OURS), SUCCESS), (end(AUTH_ERR), AUTH_ERR), (end(13), 13), (end(25), AUTH_ERR), (end(10), AUTH_ERR),
            (end(4), AUTH_ERR), (end(9), AUTH_ERR), (frame(NO_ROOM), AUTH_ERR), (frame(HEARD), AUTH_ERR),
            (say("?")[:-1], AUTH_ERR),
        ):
            def script(daemon, peer, reply=reply):
                peer.receive()
                peer.send(reply)

            with self.subTest(reply=reply), self.daemon(script):
                self.assertEqual(expected, self.run_hook("account", options="ignore_unknown_user", user=OURS)[1])

    def test_a_stuck_daemon_is_waited_for_once(self):
        def stuck(daemon, peer):
            peer.receive()
            peer.receive()

        with self.daemon(stuck):
            began = time.monotonic()
            self.assertEqual(([NOT_CHECKED], AUTH_ERR), self.run_hook("account", user=OURS))
            self.assertLess(time.monotonic() - began, 8)

    def unit_runs(self):
        os.symlink("0123456789abcdef", os.path.join(self.folder, "nss", "unit"))

    def with_a_daemon_after(self, seconds, hook, script=replies(end(0, OURS))):
        started = []
        timer = threading.Timer(seconds, lambda: started.append(Daemon(self.path, script)))
        timer.start()
        try:
            return self.run_hook(hook, user=OURS)
        finally:
            timer.join()
            started[0].stop()

    def test_a_daemon_that_systemd_is_starting_is_waited_for(self):
        """Jobs and user managers of a boot come before it; they would not be started again."""
        self.unit_runs()
        self.assertEqual(([], SUCCESS), self.with_a_daemon_after(2.5, "account"))

    def test_a_session_waits_for_a_daemon_that_systemd_is_starting(self):
        """It would begin without a home directory, local groups and subordinate ids."""
        self.unit_runs()
        self.assertEqual(([], SUCCESS), self.with_a_daemon_after(2.5, "open"))

    def test_a_change_of_pin_waits_for_a_daemon_that_systemd_is_starting(self):
        self.unit_runs()

        def script(_, peer):
            peer.receive()
            peer.send(end(0, OURS))

        self.assertEqual(([], SUCCESS), self.with_a_daemon_after(2.5, "password", script))

    def test_the_end_of_a_session_waits_for_nothing(self):
        self.unit_runs()
        began = time.monotonic()
        self.assertEqual(([], SUCCESS), self.run_hook("close", user=OURS))
        self.assertLess(time.monotonic() - began, 1)

    def test_one_that_is_not_is_waited_for_a_second(self):
        self.assertEqual(([NOT_CHECKED], AUTH_ERR), self.with_a_daemon_after(2.5, "account"))
        self.assertEqual(([], "ignored"), self.with_a_daemon_after(2.5, "open"))

    def test_local_users_do_not_wait_for_a_daemon_that_is_starting(self):
        self.unit_runs()
        began = time.monotonic()
        for hook in ("account", "open", "password"):
            for user in (LOCAL, "somebody"):
                self.assertEqual(([], "ignored"), self.run_hook(hook, options="ignore_unknown_user", user=user))
        self.assertLess(time.monotonic() - began, 4)

    def test_no_room_for_a_sign_in(self):
        with self.daemon(replies(frame(NO_ROOM))):
            self.assertEqual(([NO_ROOM_TEXT], "ignored"), self.run_hook("auth", user=OURS))

    def test_a_daemon_that_goes_away(self):
        def script(_, peer):
            peer.receive()
            peer.send(frame(HEARD))

        with self.daemon(script):
            self.assertEqual(([BANNER], ABORT), self.run_hook("auth", user=OURS))
            self.assertEqual(([], "ignored"), self.run_hook("auth", user="somebody"))


if __name__ == "__main__":
    unittest.main()
