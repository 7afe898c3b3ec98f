"""What pam_himmelblau.so does when the daemon is not there, or misbehaves."""

import concurrent.futures
import os
import socket
import subprocess
import threading
import time
import unittest

from wire import HEARD, NO_ROOM, START, WARN, Daemon, end, frame, hidden, say, u32
from pam_case import (
    ABORT,
    BANNER,
    DRIVER,
    LATE,
    MODULE,
    STARTING,
    SUCCESS,
    UNAVAILABLE,
    PamCase,
    pin_sign_in,
    replies,
    sanitizer_options,
)


class Connecting(PamCase):
    def unit_runs(self):
        """systemd keeps such a link while it starts, runs and restarts the daemon."""
        os.mkdir(os.path.join(self.folder, "nss"))
        os.symlink("0123456789abcdef", os.path.join(self.folder, "nss", "unit"))

    def test_daemon_down(self):
        began = time.monotonic()
        self.assertEqual(([STARTING, LATE], "ignored"), self.run_hook("auth"))
        self.assertLess(1.0, time.monotonic() - began)
        self.assertGreater(5.0, time.monotonic() - began)

    def test_daemon_down_in_another_language(self):
        german = [
            "I Der Himmelblau-Anmeldedienst startet, bitte warten...",
            "E Der Himmelblau-Anmeldedienst war nicht rechtzeitig verfügbar.",
        ]
        self.assertEqual((german, "ignored"), self.run_hook("auth", environment={"LANG": "de_DE.UTF-8"}))
        self.assertEqual((german, "ignored"), self.run_hook("auth", environment={"LC_MESSAGES": "de_DE.UTF-8"}))
        english = self.run_hook("auth", environment={"LANG": "de_DE.UTF-8", "LC_ALL": "../../x"})
        self.assertEqual(([STARTING, LATE], "ignored"), english)

    def test_daemon_down_in_silence(self):
        self.assertEqual(([], "ignored"), self.run_hook("auth", environment={"SILENT": "1"}))

    def test_daemon_starts_meanwhile(self):
        started = []
        timer = threading.Timer(0.4, lambda: started.append(Daemon(self.path, pin_sign_in)))
        timer.start()
        shown, result = self.run_hook("auth", "187265")
        timer.join()
        started[0].stop()
        self.assertEqual([STARTING, "I Use the Linux Hello PIN for this device.", "off PIN: "], shown[:3])
        self.assertEqual(SUCCESS, result)

    def test_daemon_restarts(self):
        """As in an upgrade: the sign-in waits for longer than a start takes on a busy machine."""
        self.unit_runs()
        with socket.socket(socket.AF_UNIX) as gone:
            gone.bind(self.path)
        started = []

        def start():
            os.unlink(self.path)
            started.append(Daemon(self.path, pin_sign_in))

        timer = threading.Timer(4, start)
        timer.start()
        shown, result = self.run_hook("auth", "187265")
        timer.join()
        started[0].stop()
        self.assertEqual([STARTING, "I Use the Linux Hello PIN for this device.", "off PIN: "], shown[:3])
        self.assertEqual(SUCCESS, result)

    def test_the_unit_ends_for_a_moment_in_a_restart(self):
        self.unit_runs()
        unit = os.path.join(self.folder, "nss", "unit")
        started = []

        def restart():
            time.sleep(2)
            os.unlink(unit)
            time.sleep(0.6)
            os.symlink("fedcba9876543210", unit)
            time.sleep(2)
            started.append(Daemon(self.path, pin_sign_in))

        thread = threading.Thread(target=restart)
        thread.start()
        shown, result = self.run_hook("auth", "187265")
        thread.join()
        started[0].stop()
        self.assertEqual([STARTING, "I Use the Linux Hello PIN for this device.", "off PIN: "], shown[:3])
        self.assertEqual(SUCCESS, result)

    def test_stale_socket(self):
        with socket.socket(socket.AF_UNIX) as gone:
            gone.bind(self.path)
        self.assertEqual(([STARTING, LATE], "ignored"), self.run_hook("auth"))
        self.unit_runs()
        began = time.monotonic()
        self.assertEqual(([STARTING, LATE], "ignored"), self.run_hook("auth"))
        self.assertLess(10.0, time.monotonic() - began)

    def test_a_daemon_that_is_stuck(self):
        """It accepts connections but sends nothing, not even the first frame: equivalent to no daemon."""

        def stuck(daemon, peer):
            peer.receive()
            peer.receive()

        began = time.monotonic()
        with self.daemon(stuck):
            self.assertEqual(([LATE], "ignored"), self.run_hook("auth"))
        self.assertLess(time.monotonic() - began, 8)

    def test_not_a_socket(self):
        os.mkdir(self.path)
        self.assertEqual("ignored", self.run_hook("auth")[1])

    def test_path_that_cannot_be(self):
        self.path = "/" + "x" * 200
        self.assertEqual(([UNAVAILABLE], "ignored"), self.run_hook("auth"))

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_another_listener_gets_no_data(self):
        """A process that is neither root's nor the directory owner's listens there."""
        os.chmod(self.folder, 0o777)
        ready, to_child = os.pipe()
        child = os.fork()
        if child == 0:
            os.setresuid(65534, 65534, 65534)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(self.path)
            listener.listen()
            os.write(to_child, b"!")
            os._exit(len(listener.accept()[0].recv(1)))
        os.read(ready, 1)
        self.assertEqual(([UNAVAILABLE], "ignored"), self.run_hook("auth", before="set=secret"))
        self.assertEqual(0, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        os.close(ready)
        os.close(to_child)

    def test_own_activation(self):
        with self.daemon(replies(end(0, "user02"))) as daemon:
            for unit in ("himmelblaud.service", "himmelblaud-tasks.service"):
                for hook in ("auth", "account", "open", "close", "setcred", "password"):
                    environment = {"SYSTEMD_ACTIVATION_UNIT": unit}
                    self.assertEqual(([], "ignored"), self.run_hook(hook, environment=environment))
            self.assertEqual([], daemon.seen)
            environment = {"SYSTEMD_ACTIVATION_UNIT": "sshd.service"}
            self.assertEqual(([], SUCCESS), self.run_hook("auth", environment=environment))

    def test_with_rights_of_another_the_environment_does_not_switch_it_off(self):
        """A user who runs su chooses its environment."""
        driver = self.with_rights_of_another()
        environment = {"SYSTEMD_ACTIVATION_UNIT": "himmelblaud.service", "LC_ALL": "xx_XX.UTF-8"}
        with self.daemon(replies(end(0, "user02"))) as daemon:
            self.assertEqual(([], SUCCESS), self.run_hook("auth", environment=environment, driver=driver))
        self.assertEqual(b"xx_XX.UTF-8", daemon.seen[0][1][7], "but they may choose their language")

    def test_no_conversation(self):
        """libpam refuses to start without one in some versions; then there is nothing to see."""
        self.stack("")
        done = subprocess.run(
            [DRIVER, self.folder, "user02", "auth"],
            env={**sanitizer_options(), "NO_CONVERSATION": "1"},
            capture_output=True,
            check=False,
            timeout=20,
        )
        self.assertEqual(b"", done.stderr)
        self.assertIn(done.stdout, (b"", b"result 5\n"))

    def test_unseal(self):
        with self.daemon(replies(hidden("never"))) as daemon:
            shown, result = self.run_hook("auth", options="try_unseal", before="set=Passw0rd!")
            self.assertTrue(daemon.closed.wait(10))
        self.assertEqual(([], "ignored"), (shown, result))
        self.assertEqual([u32(5), b"user02"], daemon.seen[0][1][:2])
        self.assertEqual(b"Passw0rd!", daemon.seen[0][1][8])

    def test_no_unseal_after_a_sign_in_of_ours(self):
        """What was typed then may be a password, which would count as a wrong PIN."""

        def script(daemon, peer):
            _, fields = peer.receive()
            daemon.seen.append(int.from_bytes(fields[0], "little"))
            if daemon.seen[-1] == 1:
                peer.send(end(code, "user02"))

        for code, operations in ((0, [1]), (25, [1, 5])):
            with self.subTest(code=code), self.daemon(script) as daemon:
                self.stack("set_authtok", before="set=Passw0rd!")
                with open(os.path.join(self.folder, "sshd"), "a", encoding="latin-1") as file:
                    file.write(f"auth optional {MODULE} socket={self.path} try_unseal\n")
                self.driven("auth")
                # Connections are served in turn: after this one no other is waiting.
                with socket.socket(socket.AF_UNIX) as last:
                    last.connect(self.path)
                    last.sendall(frame(START, u32(9)))
                    last.recv(1)
            self.assertEqual([*operations, 9], daemon.seen)

    def test_unseal_without_authtok_or_daemon(self):
        self.assertEqual(([], "ignored"), self.run_hook("auth", options="try_unseal", before="set=x"))
        with self.daemon(replies()) as daemon:
            self.assertEqual(([], "ignored"), self.run_hook("auth", options="try_unseal"))
        self.assertEqual([], daemon.seen)


class Broken(PamCase):
    def broken(self, *frames, close=True):
        def script(_, peer):
            peer.receive()
            for data in frames:
                peer.send(data)
            if not close:
                peer.receive()

        with self.daemon(script):
            return self.run_hook("auth", "187265")

    def apart(self, frames):
        """In a folder of its own, for several at once: each shows the banner for two seconds."""
        case = Broken()
        case.setUp()
        try:
            return case.broken(hidden("PIN: "), frames, close=False)
        finally:
            case.doCleanups()

    def test_closes(self):
        """Nothing was asked, and the account is not known to be one of the directory: for the modules after us."""
        self.assertEqual(([], "ignored"), self.broken())
        self.assertEqual(([], "ignored"), self.broken(frame(HEARD)))

    def test_no_room(self):
        told = ["E Too many sign-ins are under way on this host. Try again in a few minutes."]
        self.assertEqual((told, "ignored"), self.broken(frame(NO_ROOM)))

    def test_no_room_before_anything_was_sent(self):
        """The daemon says so and closes without reading."""
        def script(_, peer):
            peer.send(frame(NO_ROOM))

        with self.daemon(script):
            self.assertEqual("ignored", self.run_hook("auth")[1])
            self.assertEqual(([], "ignored"), self.run_hook("account"))

    def test_closes_mid_way(self):
        self.assertEqual((["I hello", "off PIN: ", BANNER], ABORT), self.broken(say("hello"), hidden("PIN: ")))

    def test_closes_inside_a_frame(self):
        self.assertEqual((["off PIN: ", BANNER], ABORT), self.broken(hidden("PIN: "), say("hello")[:-2]))

    def test_garbage(self):
        bad = [
            end(0, ""),
            end(0, "x" * 300),
            b"GET / HTTP/1.1\r\n\r\n",
            u32(65537) + bytes(20),
            u32(3) + bytes(3),
            b"\x04\0\0\0\x02\x20\0\0",
            frame(0x7F, "what"),
            frame(0x50, "root", u32(0)),
            frame(WARN, b"\xff"),
            hidden("PIN: ", 7),
            frame(START, "user02"),
        ]
        with concurrent.futures.ThreadPoolExecutor(len(bad)) as pool:
            for data, result in zip(bad, pool.map(self.apart, bad)):
                with self.subTest(data=data):
                    self.assertEqual((["off PIN: ", BANNER], ABORT), result)

    def test_a_slow_daemon_is_waited_for(self):
        def script(_, peer):
            peer.receive()
            for byte in say("slowly") + end(0, "user02"):
                peer.send(bytes([byte]))
                time.sleep(0.01)

        with self.daemon(script):
            self.assertEqual((["I slowly"], SUCCESS), self.run_hook("auth"))

    def test_killed_application_closes_the_connection(self):
        asked = threading.Event()

        def script(_, peer):
            peer.receive()
            asked.set()
            peer.receive()

        self.stack("")
        with self.daemon(script) as daemon:
            application = subprocess.Popen([DRIVER, self.folder, "user02", "auth"], stdout=subprocess.DEVNULL)
            self.assertTrue(asked.wait(10))
            application.kill()
            application.wait()
            self.assertTrue(daemon.closed.wait(10))


if __name__ == "__main__":
    unittest.main()
