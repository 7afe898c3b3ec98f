"""himmelblau_broker on a real bus: what it carries, and what it does without a daemon or with one that misbehaves."""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

import wire
from broker_case import BROKER, FAILED, REPLY, BrokerCase, answering, error_of
from bus import INTERFACE, NAME, PATH, Refused

CARRIED = ("getAccounts", "acquireTokenSilently", "acquirePrtSsoCookie", "generateSignedHttpRequest", "removeAccount", "getLinuxBrokerVersion")
# For a daemon that stays silent: 2 s instead of 30.
HASTY = os.environ["BROKER_HASTY"]
FAILED_ERROR = "org.freedesktop.DBus.Error.Failed"


class Carries(BrokerCase):
    def test_serves_the_interface_under_its_name(self):
        listed = self.bus.busctl("introspect", NAME, PATH, INTERFACE).stdout
        for method in (*CARRIED, "acquireTokenInteractively", "cancelInteractiveFlow"):
            self.assertRegex(listed, rf"(?m)^\.{method} +method +sss +s ")
        self.assertIsNone(self.client.ping())
        self.assertIn("org.freedesktop.DBus.Peer", self.bus.busctl("introspect", NAME, PATH).stdout)

    def test_second_instance_cannot_take_the_name(self):
        done = subprocess.run([BROKER], capture_output=True, text=True, check=False, timeout=20, env=self.environ())
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"another program has the name {NAME}", done.stderr)
        self.assertIsNone(self.client.ping())

    def test_request_and_reply_pass_unchanged(self):
        seen = []

        def reply(method, request):
            seen.append((method, request))
            return json.dumps({"of": method, "text": 'Grüße\n"€𝄞"'}, ensure_ascii=False)

        self.daemon(reply)
        for method in CARRIED:
            request = json.dumps({"authParameters": {"unknown": [1, None, "ß"]}, "of": method}, ensure_ascii=False)
            self.assertEqual(self.client.ask(method, request), json.dumps({"of": method, "text": 'Grüße\n"€𝄞"'}, ensure_ascii=False))
            self.assertEqual(seen[-1], (method, request))

    def test_version_and_correlation_reach_the_daemon(self):
        seen = []

        def script(peer):
            seen.append(peer.receive()[1])
            peer.send(wire.frame(REPLY, "{}"))

        self.serve("broker_sock", script)
        self.client.ask("getAccounts", "not even JSON", version="0.1", correlation="c-1")
        self.assertEqual(seen, [[b"getAccounts", b"0.1", b"c-1", b"not even JSON"]])

    def test_error_object_is_an_ordinary_reply_and_a_cookie_never_asks(self):
        self.daemon(lambda method, request: error_of("Unable to find account"))
        self.assertEqual(self.client.ask("acquirePrtSsoCookie"), error_of("Unable to find account"))
        self.assertEqual(self.client.ask("acquireTokenSilently"), error_of("Unable to find account"))
        self.assertEqual(self.prompts(), 0)

    def test_failure_that_the_daemon_tells_is_an_error_of_the_bus(self):
        self.daemon(lambda method, request: wire.frame(FAILED, "the words of the daemon"))
        with self.assertRaises(Refused) as refused:
            self.client.ask("getAccounts")
        self.assertEqual((refused.exception.name, refused.exception.text), (FAILED_ERROR, "the words of the daemon"))

    def test_busctl_can_call(self):
        self.daemon(lambda method, request: '{"accounts":[]}')
        done = self.bus.busctl("call", NAME, PATH, INTERFACE, "getAccounts", "sss", "0.0", "c", "{}")
        self.assertEqual(done.stdout, 's "{\\"accounts\\":[]}"\n')

    def test_other_signature_or_method_is_refused(self):
        for method, signature, words in (("getAccounts", "s", ["x"]), ("sign", "sss", ["", "", ""]), ("GetAccounts", "sss", ["", "", ""])):
            done = self.bus.busctl("call", NAME, PATH, INTERFACE, method, signature, *words, check=False)
            self.assertEqual(done.returncode, 1, method)
        self.assertIsNone(self.client.ping())

    def test_socket_elsewhere(self):
        self.stop_broker()
        self.options = ("--broker-socket", f"{self.folder}/elsewhere")
        self.start_broker()
        self.serve("elsewhere", answering(lambda method, request: '{"elsewhere":1}'))
        self.assertEqual(self.client.ask("getAccounts"), '{"elsewhere":1}')

    def test_wrong_command_lines(self):
        for words, code in ((["--socket"], 2), (["x"], 2), (["--broker-socket", "/" + "x" * 107], 2), (["--socket", "/" + "x" * 100 + "/socket"], 2), (["--help"], 0), (["--version"], 0)):
            done = subprocess.run([BROKER, *words], capture_output=True, text=True, check=False, timeout=20)
            self.assertEqual(done.returncode, code, words)
            self.assertTrue(done.stdout if code == 0 else done.stderr)

    def test_long_request(self):
        self.daemon(lambda method, request: json.dumps({"length": len(request)}))
        self.assertEqual(self.client.ask("getAccounts", "x" * 64000), '{"length": 64000}')
        for length in (65001, 2_000_000):
            with self.assertRaises(Refused) as refused:
                self.client.ask("getAccounts", "x" * length)
            self.assertEqual(refused.exception.name, "org.freedesktop.DBus.Error.LimitsExceeded")


class Load(BrokerCase):
    def test_a_hundred_calls_a_second_each_with_its_own_reply(self):
        def reply(method, request):
            time.sleep(0.05)
            return json.dumps({"echo": request})

        self.daemon(reply)
        clients = [self.new_client() for _ in range(4)]
        begin = time.monotonic()
        calls = [(client, client.call("acquirePrtSsoCookie", f"{i}-{number}"), f"{i}-{number}")
                 for number in range(100) for i, client in enumerate(clients)]
        for client, serial, text in calls:
            self.assertEqual(json.loads(client.result(serial)), {"echo": text})
        self.assertLess(time.monotonic() - begin, 4)

    def test_slow_call_holds_up_no_other(self):
        go_on = threading.Event()

        def reply(method, request):
            if method == "acquirePrtSsoCookie":
                go_on.wait(20)
            return "{}"

        self.daemon(reply)
        slow = [self.client.call("acquirePrtSsoCookie") for _ in range(20)]
        other = self.new_client(timeout=5)
        self.assertIsNone(other.ping())
        self.assertEqual(other.ask("getAccounts"), "{}")
        go_on.set()
        for serial in slow:
            self.assertEqual(self.client.result(serial), "{}")

    def test_too_many_calls_are_refused_and_the_rest_answered(self):
        go_on = threading.Event()

        def reply(method, request):
            go_on.wait(20)
            return "{}"

        self.daemon(reply)
        # The bus itself lets nobody have more than 128.
        clients = [self.new_client() for _ in range(7)]
        calls = [(client, client.call("getAccounts")) for client in clients for _ in range(100)]
        self.assertIsNone(self.new_client(timeout=5).ping())
        go_on.set()
        refused = 0
        for client, serial in calls:
            try:
                client.result(serial)
            except Refused as error:
                self.assertEqual(error.name, "org.freedesktop.DBus.Error.LimitsExceeded")
                refused += 1
        self.assertEqual(refused, 700 - 32 - 512)


class Trouble(BrokerCase):
    program = HASTY

    def refusal(self, method="getAccounts"):
        with self.assertRaises(Refused) as refused:
            self.client.ask(method)
        self.assertEqual(refused.exception.name, FAILED_ERROR)
        return refused.exception.text

    def test_no_daemon_then_one(self):
        self.assertIn("himmelblaud is not running", self.refusal())
        daemon = self.daemon(lambda method, request: "{}")
        self.assertEqual(self.client.ask("getAccounts"), "{}")
        daemon.stop()
        self.assertIn("himmelblaud is not running", self.refusal())
        self.daemon(lambda method, request: "{}")
        self.assertEqual(self.client.ask("getAccounts"), "{}")

    def test_silent_daemon(self):
        daemon = self.serve("broker_sock", lambda peer: peer.receive() and time.sleep(10))
        begin = time.monotonic()
        self.assertIn("did not answer in time", self.refusal())
        self.assertLess(time.monotonic() - begin, 4)
        # More than there are threads: those that wait for one have the same limit.
        serials = [self.client.call("getAccounts") for _ in range(60)]
        for serial in serials:
            self.assertRaises(Refused, self.client.result, serial)
        self.assertLess(time.monotonic() - begin, 9)
        daemon.stop()
        self.daemon(lambda method, request: "{}")
        self.assertEqual(self.client.ask("getAccounts"), "{}")

    def test_daemon_that_drips(self):
        """The limit is for the whole reply, not for each byte."""

        def script(peer):
            peer.receive()
            for byte in wire.frame(REPLY, "x" * 100):
                peer.send(bytes([byte]))
                time.sleep(0.1)

        self.serve("broker_sock", script)
        begin = time.monotonic()
        self.assertIn("did not answer in time", self.refusal())
        self.assertLess(time.monotonic() - begin, 4)

    def test_malformed_frames(self):
        good = wire.frame(REPLY, "{}")
        frames = {
            "too long": struct.pack("<I", 0x7FFFFFFF) + good[4:],
            "too short": struct.pack("<I", 3) + b"abc",
            "another version": good[:4] + b"\x02" + good[5:],
            "no field": wire.frame(REPLY),
            "field past the end": good[:8] + struct.pack("<I", 0xFFFFFFFF) + good[12:],
            "not UTF-8": wire.frame(REPLY, b"\xff\xfe"),
            "a NUL": wire.frame(REPLY, b"a\0b"),
            "another kind": wire.frame(0x2F, "{}"),
            "nothing": b"",
            "half": good[:-1],
        }
        for name, data in frames.items():
            with self.subTest(name):
                daemon = self.serve("broker_sock", lambda peer, data=data: (peer.receive(), peer.send(data)))
                self.assertRegex(self.refusal(), "violated the protocol|closed the connection")
                daemon.stop()
        self.daemon(lambda method, request: "{}")
        self.assertEqual(self.client.ask("getAccounts"), "{}")

    def test_daemon_without_room(self):
        self.serve("broker_sock", lambda peer: peer.send(wire.frame(wire.NO_ROOM)))
        self.assertRegex(self.refusal(), "too many programs|closed the connection")

    @unittest.skipUnless(os.getuid() == 0, "needs another user")
    def test_server_of_another_user_gets_nothing(self):
        os.chmod(self.folder, 0o777)
        script = (
            "import os,socket,sys\nos.setgid(65534); os.setuid(65534)\ns=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o666); s.listen()\n"
            "print('ready', flush=True)\nc,_=s.accept(); print(len(c.recv(9)), flush=True)"
        )
        with subprocess.Popen([sys.executable, "-c", script, f"{self.folder}/broker_sock"], stdout=subprocess.PIPE, text=True) as server:
            self.assertEqual(server.stdout.readline(), "ready\n")
            self.assertIn("served by a process other than himmelblaud; nothing was sent", self.refusal())
            self.assertEqual(server.stdout.readline(), "0\n")

    def test_broker_killed_is_started_by_the_bus(self):
        self.daemon(lambda method, request: "{}")
        self.write_program("run", f"#!/bin/sh\nexec env DBUS_SESSION_BUS_ADDRESS={self.bus.address} {self.program} --socket {self.folder}/socket\n")
        with open(f"{self.folder}/services/{NAME}.service", "w", encoding="utf-8") as file:
            file.write(f"[D-BUS Service]\nName={NAME}\nExec={self.folder}/bin/run\n")
        self.bus.busctl("call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig")
        self.kill_broker()
        self.assertEqual(self.client.ask("getAccounts"), "{}")

    def test_ends_with_the_bus(self):
        self.bus.stop()
        self.assertEqual(self.broker.wait(10), 1)

    def test_without_a_bus(self):
        env = {**self.environ(), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/none"}
        done = subprocess.run([BROKER], capture_output=True, text=True, check=False, timeout=20, env=env)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Ahimmelblau_broker: .*(bus).*\n\Z")

    def test_ends_at_once_while_calls_wait(self):
        self.serve("broker_sock", lambda peer: peer.receive() and time.sleep(10))
        self.client.call("getAccounts")
        time.sleep(0.2)
        begin = time.monotonic()
        self.stop_broker()
        self.assertLess(time.monotonic() - begin, 1)


if __name__ == "__main__":
    unittest.main()
