"""Just enough of docs/protocol/socket.md to send valid and invalid frames."""

import socket
import struct
import time

VERSION = 1
START, ANSWER, LOOKUP, COMMAND, HELLO = 0x10, 0x11, 0x40, 0x30, 0x60
HEARD = 0x27
SOCKETS = ("socket", "lookup", "admin", "task_sock", "broker_sock")


def u32(number):
    return struct.pack("<I", number)


def frame(kind, *fields, version=VERSION, count=None):
    body = struct.pack("<BBH", version, kind, len(fields) if count is None else count)
    for field in fields:
        data = field.encode() if isinstance(field, str) else field
        body += u32(len(data)) + data
    return u32(len(body)) + body


def start(user, op=1, service=b"e2e", **changed):
    fields = [u32(op), user, service, b"", b"", u32(0), u32(1), b"", b""]
    for index, value in changed.items():
        fields[int(index[1:])] = value
    return frame(START, *fields)


def lookup(op, key, deadline=250):
    return frame(LOOKUP, u32(op), key, u32(deadline))


class Peer:
    """A connection from outside as root: the socket is reached through PID 1's view of the files."""

    def __init__(self, running_lab, name):
        self._connect(f"{running_lab.root()}/run/himmelblaud/{name}", 10)

    @classmethod
    def at(cls, path, limit=10):
        """A connection to a socket's own path."""
        peer = cls.__new__(cls)
        peer._connect(path, limit)
        return peer

    def _connect(self, path, limit):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(limit)
        self._socket.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def limit(self, seconds):
        self._socket.settimeout(seconds)

    def send(self, data):
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def finish(self):
        self._socket.shutdown(socket.SHUT_WR)

    def receive(self):
        """(kind, fields) of the next frame; None when the daemon has closed."""
        head = self._exactly(4)
        if head is None:
            return None
        body = self._exactly(struct.unpack("<I", head)[0])
        kind, count = struct.unpack("<xBH", body[:4])
        if kind == HEARD:
            return self.receive()
        fields, at = [], 4
        for _ in range(count):
            length = struct.unpack_from("<I", body, at)[0]
            fields.append(body[at + 4:at + 4 + length])
            at += 4 + length
        assert at == len(body)
        return kind, fields

    def closed_after(self, limit):
        """Seconds until the daemon closes; frames that it sends before are dropped."""
        begin = time.monotonic()
        self._socket.settimeout(limit)
        try:
            while self._socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return time.monotonic() - begin

    def _exactly(self, number):
        data = b""
        while len(data) < number:
            try:
                more = self._socket.recv(number - len(data))
            except ConnectionResetError:
                return None
            if not more:
                return None
            data += more
        return data
