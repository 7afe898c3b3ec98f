"""A broker under test on a bus of its own, with a stand-in of himmelblaud and of pinentry."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import wire
from bus import NAME, Bus, Client

BROKER = os.environ["BROKER"]
CALL, REPLY, FAILED = 0x60, 0x61, 0x62
PINENTRY = '''#!/usr/bin/python3 -ISB
import os, sys, time
folder = {folder!r}
def log(line):
    with open(folder + "/pinentry.log", "a") as file: file.write(line + "\\n")
log("START")
log("PID " + str(os.getpid()))
print("OK Pleased to meet you", flush=True)
for line in sys.stdin:
    line = line.rstrip("\\n")
    log(line)
    if line.split()[0] not in ("GETPIN", "CONFIRM"):
        print("OK", flush=True)
        continue
    for _ in range(3000):
        if os.path.exists(folder + "/says"): break
        time.sleep(0.02)
    with open(folder + "/says", newline="") as file: says = file.read()
    if not line.startswith("GETPIN") and says.startswith("D "): says = "OK\\n"
    print(says, end="", flush=True)
    break
log("END")
'''


class Daemon:
    """Listens at path; each connection has a thread that runs script(peer)."""

    def __init__(self, path, script):
        self.path, self.script, self.errors = path, script, []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        os.chmod(path, 0o666)
        self.listener.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(60)
            try:
                self.script(wire.Peer(connection))
            except (EOFError, ConnectionError):
                pass
            except Exception as error:  # noqa: BLE001 - shown by the test
                self.errors.append(repr(error))

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        os.unlink(self.path)


def answering(reply):
    """A script: reply(method, request) is the JSON text, or a frame as bytes."""

    def script(peer):
        while True:
            kind, fields = peer.receive()
            assert kind == CALL and len(fields) == 4, (kind, fields)
            method, _, _, request = (field.decode() for field in fields)
            said = reply(method, request)
            peer.send(said if isinstance(said, bytes) else wire.frame(REPLY, said))

    return script


def error_of(context, status=0):
    return json.dumps({"brokerTokenResponse": {"error": {"context": context, "status": status, "subStatus": 0}}})


TOKEN = json.dumps({"brokerTokenResponse": {"accessToken": "eyJ0", "accessTokenType": 0, "expiresOn": 1760003600000}})


class BrokerCase(unittest.TestCase):
    program = BROKER
    environment = {}  # what the broker has besides
    options = ()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)
        os.mkdir(f"{self.folder}/bin")
        self.write_program("pinentry", PINENTRY.format(folder=self.folder))
        self.write_program("xdg-open", f'#!/bin/sh\nprintf "%s\\n" "$*" >>{self.folder}/opened\n')
        self.bus = Bus(self.folder)
        self.addCleanup(self.stop_bus)
        self.daemons, self.broker, self.clients = [], None, []
        self.start_broker()
        self.client = self.new_client()

    def tearDown(self):
        for client in self.clients:
            client.close()
        self.stop_broker()
        for daemon in self.daemons:
            self.assertEqual(daemon.errors, [])

    def write_program(self, name, text):
        with open(f"{self.folder}/bin/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{self.folder}/bin/{name}", 0o755)

    def stop_bus(self):
        if self.bus.process.poll() is None:
            self.bus.stop()

    def environ(self):
        shown = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        return {**shown, "DBUS_SESSION_BUS_ADDRESS": self.bus.address, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", **self.environment}

    def start_broker(self):
        self.log = open(f"{self.folder}/broker.log", "a+", encoding="utf-8")
        self.addCleanup(self.log.close)
        self.broker = subprocess.Popen([self.program, "--socket", f"{self.folder}/socket", *self.options], stderr=self.log, env=self.environ())
        self.wait_for(lambda: NAME in self.bus.busctl("list", "--no-legend").stdout, "the broker has not taken its name")

    def stop_broker(self):
        if self.broker.poll() is None:
            self.broker.terminate()
            self.assertEqual(self.broker.wait(20), 0)
        with open(f"{self.folder}/broker.log", encoding="utf-8") as log:
            self.assertNotIn("Sanitizer", log.read())

    def kill_broker(self):
        self.broker.send_signal(signal.SIGKILL)
        self.broker.wait(10)

    def new_client(self, timeout=30):
        client = Client(self.bus.address, timeout)
        self.clients.append(client)
        return client

    def daemon(self, reply):
        return self.serve("broker_sock", answering(reply))

    def serve(self, name, script):
        daemon = Daemon(f"{self.folder}/{name}", script)
        self.daemons.append(daemon)
        self.addCleanup(lambda: os.path.exists(daemon.path) and daemon.stop())
        return daemon

    def wait_for(self, condition, message, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.02)
        self.fail(message)

    def read(self, name):
        try:
            with open(f"{self.folder}/{name}", encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def user_says(self, text):
        with open(f"{self.folder}/says.new", "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.rename(f"{self.folder}/says.new", f"{self.folder}/says")

    def prompts(self):
        return self.read("pinentry.log").count("START")
