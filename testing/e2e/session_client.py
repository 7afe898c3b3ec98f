#!/usr/bin/python3 -B
"""Inside a lab, as a user: calls of the broker on the user's session bus, and of the native messaging host as a browser starts it.

session_client.py bus             standard input: a JSON list of [method, request, correlation id]
session_client.py load N          N calls of getAccounts at once, over four connections: how many gave an account, and the seconds
session_client.py native MANIFEST   standard input: a JSON list of messages; the first thing printed is what the host says by itself
Prints a JSON list of replies; an error of the D-Bus kind is {"dbus_error": [name, text]}.
"""

import json
import os
import struct
import subprocess
import sys
import time

from bus import Client, Refused

ADDRESS = f"unix:path=/run/user/{os.getuid()}/bus"


def call(client, method, request, correlation="1b4e28ba-2fa1-11d2-883f-0016d3cca427"):
    try:
        return json.loads(client.ask(method, json.dumps(request), correlation=correlation))
    except Refused as error:
        return {"dbus_error": [error.name, error.text]}


def bus():
    client = Client(ADDRESS, timeout=60)
    return [call(client, *words) for words in json.load(sys.stdin)]


def load(count):
    clients = [Client(ADDRESS, timeout=60) for _ in range(4)]
    begin = time.monotonic()
    calls = [(clients[number % 4], clients[number % 4].call("getAccounts")) for number in range(count)]
    good = sum(len(json.loads(client.result(serial))["accounts"]) == 1 for client, serial in calls)
    return [good, time.monotonic() - begin]


def native(manifest):
    with open(manifest, encoding="utf-8") as file:
        told = json.load(file)
    environment = {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": f"/run/user/{os.getuid()}"}
    with subprocess.Popen([told["path"], manifest, "extension"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as host:

        def receive():
            return json.loads(host.stdout.read(struct.unpack("=I", host.stdout.read(4))[0]))

        replies = [receive()]
        for message in json.load(sys.stdin):
            data = json.dumps(message).encode()
            host.stdin.write(struct.pack("=I", len(data)) + data)
            host.stdin.flush()
            reply = receive()
            while reply["command"] == "brokerStateChanged":
                reply = receive()
            replies.append(reply)
        host.stdin.close()
        assert host.wait(20) == 0
    return replies


WAYS = {"bus": bus, "load": lambda count: load(int(count)), "native": native}
print(json.dumps(WAYS[sys.argv[1]](*sys.argv[2:])))
