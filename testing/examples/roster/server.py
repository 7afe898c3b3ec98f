#!/usr/bin/env python3
"""A directory of users for the example domain provider: a JSON file, read again at each request.

Usage: server.py USERS.json PORT [CERTIFICATE.pem KEY.pem]    prints "ready" when it listens on 127.0.0.1

USERS.json: {"ada": {"id": "…", "name": "Ada", "password": "…", "codes": {"1": "…", "2": "…"}}}
For tests only: passwords are stored in the file, and tokens are forgotten when it ends.
"""

import json
import secrets
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

USERS, PORT, *TLS = sys.argv[1:]
TICKETS = {}  # of sign-ins that are under way: user, number of the code that was asked for, tries left
TOKENS = {}  # of sessions: id, whether a second factor was proven


def users():
    with open(USERS, encoding="utf-8") as file:
        return json.load(file)


def session(name, user, two_factors):
    token = secrets.token_hex(32)
    TOKENS[token] = (user["id"], two_factors)
    return 200, {"user": name, "id": user["id"], "name": user["name"], "token": token, "factors": 2 if two_factors else 1}


def lookup(form):
    user = users().get(form["user"])
    return (200, {"user": form["user"], "id": user["id"], "name": user["name"]}) if user else (404, {})


def password(form):
    user = users().get(form["user"])
    if not user or not secrets.compare_digest(user["password"], form["password"]):
        return 401, {}
    if form["factors"] == "1":
        return session(form["user"], user, False)
    ticket = secrets.token_hex(16)
    TICKETS[ticket] = {"user": form["user"], "number": None, "tries": 3, "until": time.monotonic() + 300}
    return 200, {"ticket": ticket}


def challenge(form):
    ticket = TICKETS[form["ticket"]]
    ticket["number"] = secrets.choice(sorted(users()[ticket["user"]]["codes"]))
    return 200, {"number": ticket["number"]}


def code(form):
    ticket = TICKETS.get(form["ticket"])
    if not ticket or not ticket["number"] or not ticket["tries"] or time.monotonic() > ticket["until"]:
        return 410, {}
    ticket["tries"] -= 1
    user = users()[ticket["user"]]
    if not secrets.compare_digest(user["codes"][ticket["number"]], form["code"]):
        return 401, {}
    del TICKETS[form["ticket"]]
    return session(ticket["user"], user, True)


def renew(form):
    known = TOKENS.get(form["token"])
    for name, user in users().items():
        if known and user["id"] == known[0]:
            return session(name, user, known[1])
    return 401, {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ACTIONS = {f"/{action.__name__}": action for action in (lookup, password, challenge, code, renew)}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            status, values = self.ACTIONS[self.path]({key: value[0] for key, value in parse_qs(body).items()})
        except (KeyError, ValueError):
            status, values = 400, {}
        answer = "".join(f"{key}={value}\n" for key, value in values.items()).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(PORT)), Handler)
if TLS:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*TLS)
    server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", server.server_address[1], flush=True)
server.serve_forever()
