"""linux-entra-sso between a browser's pipes and a broker on a bus of its own."""

import json
import os
import signal
import struct
import subprocess
import threading
import time
import unittest

from broker_case import BrokerCase, error_of
from bus import NAME

HOST = os.environ["NATIVE_HOST"]
ACCOUNT = {"environment": "login.windows.net", "homeAccountId": "o.t", "username": "alice@contoso.com", "more": [1, "ß"]}
ONLINE = {"command": "brokerStateChanged", "message": "online"}
OFFLINE = {"command": "brokerStateChanged", "message": "offline"}


class Host:
    """As a browser starts it."""

    def __init__(self, environ):
        self.process = subprocess.Popen(
            [HOST, "/usr/lib/mozilla/native-messaging-hosts/linux_entra_sso.json", "linux-entra-sso@example.com"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ,
        )

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        data = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
        self.write(struct.pack("=I", len(data)) + data)

    def receive(self):
        head = self.process.stdout.read(4)
        if len(head) < 4:
            raise EOFError
        data = self.process.stdout.read(struct.unpack("=I", head)[0])
        return json.loads(data.decode())

    def ask(self, message):
        self.send(message)
        return self.receive()

    def end(self, close=True):
        if close:
            self.process.stdin.close()
        code = self.process.wait(20)
        self.process.stdout.close()
        errors = self.process.stderr.read().decode()
        self.process.stderr.close()
        return code, errors


class HostCase(BrokerCase):
    def host(self, greeting=ONLINE, **environ):
        host = Host({**self.environ(), **environ})
        self.addCleanup(lambda: host.process.poll() is None and host.process.kill())
        if greeting:
            self.assertEqual(host.receive(), greeting)
        return host

    def finish(self, host):
        self.assertEqual(host.end(), (0, ""))

    def echo(self, method, request):
        return json.dumps({"method": method, "request": json.loads(request)})


class Speaks(HostCase):
    def test_commands_are_calls_of_the_broker(self):
        self.daemon(self.echo)
        host = self.host()
        client, native = "d7b530a4-7680-4c23-a8bf-c52c121d2e87", "https://login.microsoftonline.com/common/oauth2/nativeclient"
        parameters = {
            "account": ACCOUNT, "additionalQueryParametersForAuthorization": {}, "authority": "https://login.microsoftonline.com/common",
            "clientId": client, "redirectUri": native, "requestedScopes": ["https://graph.microsoft.com/.default"],
            "username": "alice@contoso.com", "uxContextHandle": -1,
        }
        url = "https://login.microsoftonline.com/common/oauth2/authorize?a=b&sso_nonce=AwAB"
        root = "https://login.microsoftonline.com/"

        def cookie(of):
            return {"account": ACCOUNT, "authParameters": {**parameters, "authorizationType": 8, "ssoUrl": of}, "mamEnrollment": False, "ssoUrl": of}

        token = {**parameters, "authorizationType": 1}
        for message, method, request in (
            ({"command": "getAccounts"}, "getAccounts", {"clientId": client, "redirectUri": native}),
            ({"command": "acquireTokenSilently", "account": ACCOUNT}, "acquireTokenSilently", {"authParameters": token}),
            ({"command": "acquireTokenSilently", "account": ACCOUNT, "scopes": None}, "acquireTokenSilently", {"authParameters": token}),
            ({"command": "acquireTokenSilently", "account": ACCOUNT, "scopes": ["a", "b"]}, "acquireTokenSilently",
             {"authParameters": {**token, "requestedScopes": ["a", "b"]}}),
            ({"command": "acquirePrtSsoCookie", "account": ACCOUNT, "ssoUrl": url}, "acquirePrtSsoCookie", cookie(url)),
            ({"command": "acquirePrtSsoCookie", "account": ACCOUNT, "ssoUrl": None}, "acquirePrtSsoCookie", cookie(root)),
        ):
            with self.subTest(message):
                self.assertEqual(host.ask(message), {"command": message["command"], "message": {"method": method, "request": request}})
        self.finish(host)

    def test_version_has_its_own_besides(self):
        self.daemon(lambda method, request: json.dumps({"linuxBrokerVersion": "2.0.1"}) if method == "getLinuxBrokerVersion" else "{}")
        host = self.host()
        told = subprocess.run([HOST, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        self.assertEqual(host.ask({"command": "getVersion"})["message"], {"linuxBrokerVersion": "2.0.1", "native": told})
        self.finish(host)

    def test_replies_come_in_the_order_of_the_commands(self):
        late = threading.Event()

        def reply(method, request):
            if method == "getAccounts":
                late.wait(20)
            return json.dumps({"of": method})

        self.daemon(reply)
        host = self.host()
        commands = ["getAccounts", "getVersion", "nonsense", "getAccounts", "acquirePrtSsoCookie"] * 3
        for command in commands:
            host.send({"command": command, "account": ACCOUNT, "ssoUrl": None})
        time.sleep(0.5)
        late.set()
        self.assertEqual([host.receive()["command"] for _ in commands], commands)
        self.finish(host)

    def test_many_commands_without_reading(self):
        self.daemon(self.echo)
        host = self.host()
        sender = threading.Thread(target=lambda: [host.send({"command": "acquirePrtSsoCookie", "account": ACCOUNT, "ssoUrl": str(i)}) for i in range(500)])
        sender.start()
        for number in range(500):
            self.assertEqual(host.receive()["message"]["request"]["ssoUrl"], str(number))
        sender.join()
        self.finish(host)

    def test_message_in_pieces(self):
        self.daemon(self.echo)
        host = self.host()
        data = json.dumps({"command": "getAccounts"}).encode()
        for byte in struct.pack("=I", len(data)) + data:
            host.write(bytes([byte]))
            time.sleep(0.01)
        self.assertEqual(host.receive()["message"]["method"], "getAccounts")
        self.finish(host)

    def test_long_reply(self):
        text = json.dumps({"text": "€" * 20000}, ensure_ascii=False)
        self.daemon(lambda method, request: text)
        host = self.host()
        self.assertEqual(host.ask({"command": "getAccounts"})["message"], json.loads(text))
        self.finish(host)


class Wrong(HostCase):
    def refused(self, host, message, command=None):
        answer = host.ask(message)
        self.assertIsInstance(answer["message"], dict)
        self.assertEqual(answer["command"], command if command is not None else message["command"])
        return answer["message"]["error"]

    def test_wrong_commands_are_answered(self):
        self.daemon(self.echo)
        host = self.host()
        for message in (
            {"command": "unknown"}, {"command": ""}, {"command": "brokerStateChanged"},
            {"command": "acquireTokenSilently"}, {"command": "acquireTokenSilently", "account": "alice"},
            {"command": "acquireTokenSilently", "account": ACCOUNT, "scopes": "x"}, {"command": "acquirePrtSsoCookie", "account": ACCOUNT},
            {"command": "acquirePrtSsoCookie", "ssoUrl": None}, {"command": "acquirePrtSsoCookie", "account": ACCOUNT, "ssoUrl": 1},
        ):
            self.assertIn("Invalid request", self.refused(host, message))
        deep = b"[" * 100000
        for garbage in (b"x", b"{", b"[]", b"null", b'"getAccounts"', b"\xff\xfe", b'{"command":1}', b"\0" * 50, b'{"command":"getAccounts"}x', deep):
            self.assertIn("Invalid request", self.refused(host, garbage, "invalid"))
        self.assertIn("method", host.ask({"command": "getAccounts"})["message"])
        self.finish(host)

    def test_lengths_that_no_message_has(self):
        for head in (struct.pack("=I", 0), struct.pack("=I", 1024 * 1024 + 1), b"\xff\xff\xff\xff"):
            host = self.host()
            host.write(head + b"x" * 100)
            code, errors = host.end(close=False)
            self.assertEqual((code, "no message" in errors), (1, True))

    def test_end_within_a_message(self):
        for data in (b"\x05", struct.pack("=I", 5), struct.pack("=I", 5) + b"{}"):
            host = self.host()
            host.write(data)
            self.assertEqual(host.end()[0], 1)

    def test_message_of_the_greatest_length(self):
        host = self.host()
        message = b'{"command":"unknown"}'
        self.assertIn("Invalid request", self.refused(host, message + b" " * (1024 * 1024 - len(message)), "unknown"))
        self.finish(host)

    def test_reply_that_is_no_object(self):
        said = iter(("[]", "nonsense", "", '"text"', error_of("x")))
        self.daemon(lambda method, request: next(said))
        host = self.host()
        for _ in range(4):
            self.assertIn("no JSON object", self.refused(host, {"command": "getAccounts"}))
        self.assertEqual(host.ask({"command": "getAccounts"})["message"], json.loads(error_of("x")))
        self.finish(host)

    def test_failed_call_and_life_after_it(self):
        host = self.host()
        error = self.refused(host, {"command": "getAccounts"})
        self.assertRegex(error, r"\AFailure during request processing: org\.freedesktop\.DBus\.Error\.Failed: himmelblaud is not running")
        self.daemon(self.echo)
        self.assertIn("method", host.ask({"command": "getAccounts"})["message"])
        self.finish(host)

    def test_without_a_bus(self):
        host = self.host(OFFLINE, DBUS_SESSION_BUS_ADDRESS=f"unix:path={self.folder}/none")
        self.assertIn("Failure during request processing", self.refused(host, {"command": "getAccounts"}))
        self.assertIn("Failure during request processing", self.refused(host, {"command": "getVersion"}))
        self.finish(host)

    def test_browser_that_reads_no_more(self):
        self.daemon(self.echo)
        host = self.host()
        host.process.stdout.close()
        host.send({"command": "getAccounts"})
        self.assertEqual(host.process.wait(20), 1)
        host.process.stdin.close()
        host.process.stderr.close()


class State(HostCase):
    def test_broker_goes_and_comes(self):
        self.daemon(self.echo)
        host = self.host()
        self.kill_broker()
        self.assertEqual(host.receive(), OFFLINE)
        self.assertIn("error", host.ask({"command": "getAccounts"})["message"])
        self.start_broker()
        self.assertEqual(host.receive(), ONLINE)
        self.assertIn("method", host.ask({"command": "getAccounts"})["message"])
        self.finish(host)

    def test_no_broker_then_one(self):
        self.stop_broker()
        host = self.host(OFFLINE)
        self.start_broker()
        self.assertEqual(host.receive(), ONLINE)
        self.finish(host)

    def test_broker_that_the_bus_can_start(self):
        with open(f"{self.folder}/services/{NAME}.service", "w", encoding="utf-8") as file:
            file.write(f"[D-BUS Service]\nName={NAME}\nExec=/bin/false\n")
        self.stop_broker()
        self.bus.busctl("call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig")
        self.finish(self.host(ONLINE))

    def test_bus_goes_and_comes(self):
        self.daemon(self.echo)
        host = self.host()
        self.bus.stop()
        self.broker.wait(10)
        self.assertEqual(host.receive(), OFFLINE)
        self.assertIn("error", host.ask({"command": "getAccounts"})["message"])
        self.bus.start()
        self.start_broker()
        self.assertEqual(host.ask({"command": "getAccounts"}), ONLINE)
        self.assertIn("method", host.receive()["message"])
        self.finish(host)

    def test_call_under_way_when_the_broker_dies(self):
        self.serve("broker_sock", lambda peer: peer.receive() and time.sleep(20))
        host = self.host()
        host.send({"command": "getAccounts"})
        time.sleep(0.5)
        self.broker.send_signal(signal.SIGKILL)
        self.broker.wait(10)
        messages = [host.receive(), host.receive()]
        self.assertIn(OFFLINE, messages)
        messages.remove(OFFLINE)
        self.assertIn("error", messages[0]["message"])
        self.finish(host)


if __name__ == "__main__":
    unittest.main()
