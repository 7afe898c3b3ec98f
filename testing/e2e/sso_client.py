"""Runs inside a lab as the user whose programs want single sign-on: sso_client.py < requests. Each line of the input is a JSON list of method and request; each line of the output is a JSON list of what came
back, `reply`, `failed` or `closed`, and its text, and of the seconds that it took. The calls go through one connection, one after the other.
"""

import json
import socket
import struct
import sys
import time

BROKER_CALL = 0x60
NAMES = {0x61: "reply", 0x62: "failed", 0x28: "failed"}


def exactly(peer, number):
    data = b""
    while len(data) < number:
        more = peer.recv(number - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def call(peer, method, request):
    fields = [field.encode() for field in (method, "0.0", "5c9d0b1e-0000-4000-8000-000000000001", request)]
    body = struct.pack("<BBH", 1, BROKER_CALL, len(fields)) + b"".join(struct.pack("<I", len(field)) + field for field in fields)
    peer.sendall(struct.pack("<I", len(body)) + body)
    body = exactly(peer, struct.unpack("<I", exactly(peer, 4))[0])
    kind, count = struct.unpack("<xBH", body[:4])
    return NAMES[kind], body[8:].decode() if count else ""


def main():
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(60)
        peer.connect("/run/himmelblaud/broker_sock")
        for line in sys.stdin:
            method, request = json.loads(line)
            begin = time.monotonic()
            try:
                answer = call(peer, method, request)
            except (EOFError, ConnectionResetError):
                answer = "closed", ""
            print(json.dumps([*answer, time.monotonic() - begin]), flush=True)


main()
