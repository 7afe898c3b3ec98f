"""A message bus of a test's own, and a client of it that has nothing in common with sd-bus."""

import os
import socket
import struct
import subprocess

NAME, PATH, INTERFACE = "com.microsoft.identity.broker1", "/com/microsoft/identity/broker1", "com.microsoft.identity.Broker1"
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={folder}/bus</listen><servicedir>{folder}/services</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""


class Bus:
    """folder/services has the files by which it starts programs."""

    def __init__(self, folder):
        self.folder = folder
        self.address = f"unix:path={folder}/bus"
        os.makedirs(f"{folder}/services", exist_ok=True)
        with open(f"{folder}/bus.conf", "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=folder))
        self.start()

    def start(self):
        if os.path.exists(f"{self.folder}/bus"):
            os.unlink(f"{self.folder}/bus")
        self.process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": ""},
        )
        if not self.process.stdout.readline():
            raise OSError("dbus-daemon did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def busctl(self, *words, check=True):
        done = subprocess.run(
            ["busctl", "--user", *words], capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": self.address},
        )
        if check and done.returncode != 0:
            raise AssertionError(done.stderr)
        return done


class Refused(Exception):
    """An error of the D-Bus kind."""

    def __init__(self, name, text):
        super().__init__(f"{name}: {text}")
        self.name, self.text = name, text


def _padded(data, to):
    return data + bytes(-len(data) % to)


def _string(text):
    data = text.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def _signature(text):
    return bytes([len(text)]) + text.encode() + b"\0"


class Client:
    """One connection. Calls with strings only, of which many may be under way at once."""

    def __init__(self, address, timeout=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(address.removeprefix("unix:path="))
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\nBEGIN\r\n")
        self.buffer = b""
        while b"\r\n" not in self.buffer:
            self.buffer += self.socket.recv(4096)
        answer, self.buffer = self.buffer.split(b"\r\n", 1)
        assert answer.startswith(b"OK "), answer
        self.serial, self.replies = 0, {}
        self.name = self.result(self.send("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello"))

    def send(self, destination, path, interface, member, *words):
        """The serial of the call."""
        self.serial += 1
        body = b""
        for word in words:
            body = _padded(body, 4) + _string(word)
        fields = b""
        for code, kind, value in ((1, "o", path), (2, "s", interface), (3, "s", member), (6, "s", destination), (8, "g", "s" * len(words))):
            if value:
                fields = _padded(fields, 8) + bytes([code]) + _signature(kind) + (_signature(value) if kind == "g" else _string(value))
        head = struct.pack("<BBBBIII", ord("l"), 1, 0, 1, len(body), self.serial, len(fields)) + fields
        self.socket.sendall(_padded(head, 8) + body)
        return self.serial

    def call(self, member, request="{}", correlation="11111111-2222-3333-4444-555555555555", version="0.0"):
        return self.send(NAME, PATH, INTERFACE, member, version, correlation, request)

    def ask(self, member, request="{}", **more):
        return self.result(self.call(member, request, **more))

    def ping(self):
        return self.result(self.send(NAME, PATH, "org.freedesktop.DBus.Peer", "Ping"))

    def result(self, serial):
        """The string that the call returned, or None when it returned nothing."""
        while serial not in self.replies:
            self._receive()
        kind, name, text = self.replies.pop(serial)
        if kind == 3:
            raise Refused(name, text)
        return text

    def _exactly(self, size):
        while len(self.buffer) < size:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError
            self.buffer += more
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def _receive(self):
        head = self._exactly(16)
        kind, (size, fields_size) = head[1], (struct.unpack_from("<I", head, 4)[0], struct.unpack_from("<I", head, 12)[0])
        fields = self._exactly(fields_size + -(16 + fields_size) % 8)
        body = self._exactly(size)
        serial, name, at = None, None, 0
        while at < fields_size:
            at += -at % 8
            code, width = fields[at], fields[at + 1]
            of = fields[at + 2 : at + 2 + width]
            at += width + 3
            if of in (b"s", b"o"):
                at += -at % 4
                length = struct.unpack_from("<I", fields, at)[0]
                if code == 4:
                    name = fields[at + 4 : at + 4 + length].decode()
                at += length + 5
            elif of == b"u":
                at += -at % 4
                if code == 5:
                    serial = struct.unpack_from("<I", fields, at)[0]
                at += 4
            else:
                at += fields[at] + 2
        text = body[4 : 4 + struct.unpack_from("<I", body)[0]].decode() if len(body) >= 5 else None
        if kind in (2, 3):
            self.replies[serial] = (kind, name, text)

    def close(self):
        self.socket.close()
