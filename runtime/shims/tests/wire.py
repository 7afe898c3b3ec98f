"""Frames of docs/protocol/socket.md and a daemon that follows a script, for the tests of the shims."""

import os
import socket
import struct
import threading

START, ANSWER, GIVE_UP = 0x10, 0x11, 0x12
SAY, WARN, ASK, ASK_HIDDEN, OUT, ERR, RAW, HEARD, NO_ROOM, END = 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2F
COMMAND, INPUT, INPUT_END = 0x30, 0x31, 0x32


def u32(value):
    return struct.pack("<I", value)


def frame(kind, *fields):
    body = struct.pack("<BBH", 1, kind, len(fields))
    for field in fields:
        field = field.encode() if isinstance(field, str) else field
        body += u32(len(field)) + field
    return u32(len(body)) + body


def say(text):
    return frame(SAY, text)


def hidden(prompt, keep=0):
    return frame(ASK_HIDDEN, prompt, u32(keep))


def end(code, account="", *environment):
    return frame(END, u32(code), account, *environment)


class Peer:
    """The daemon's end of one connection."""

    def __init__(self, connection):
        self.connection = connection

    def exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.connection.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def receive(self):
        """(kind, [field, …])"""
        body = self.exactly(struct.unpack("<I", self.exactly(4))[0])
        version, kind, count = struct.unpack_from("<BBH", body)
        assert version == 1
        fields, at = [], 4
        for _ in range(count):
            size = struct.unpack_from("<I", body, at)[0]
            fields.append(body[at + 4 : at + 4 + size])
            at += 4 + size
        assert at == len(body)
        return kind, fields

    def send(self, data):
        self.connection.sendall(data)

    def ask(self, data):
        self.send(data)
        return self.receive()


class Daemon:
    """Listens on path; each connection is handed to script(peer) in turn; what it received stays in seen."""

    def __init__(self, path, script):
        self.path, self.script = path, script
        self.seen, self.errors, self.closed = [], [], threading.Event()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        os.chmod(path, 0o666)
        self.listener.listen(8)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(20)
                try:
                    self.script(self, Peer(connection))
                except (EOFError, ConnectionError):
                    self.closed.set()
                except Exception as error:  # noqa: BLE001 - shown by the test
                    self.errors.append(repr(error))

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(20)
        if os.path.exists(self.path):
            os.unlink(self.path)
