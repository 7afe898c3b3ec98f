#!/usr/bin/python3 -B
"""Inside a lab: plays what answers in the directory's place in a network that is none. Usage: false_network.py KIND ADDRESS [CERTIFICATE KEY]

silent: the place is reached by nobody, as behind a firewall that drops: its queue is full. half-open: connections are accepted and nothing is ever said.
plain: a portal that answers HTTP where TLS is expected. tls: one with a certificate of its own. forgets: leads to the directory; with SIGUSR1 it
forgets the connections of now: nothing goes through them any more, and nobody is told. Says "ready" on standard output.
"""

import signal
import socket
import ssl
import sys
import threading
import time

DIRECTORY = ("127.0.0.1", 443)
PORTAL = b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def main(kind, address, *certificate):
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, 443))
    listener.listen(0 if kind == "silent" else 128)
    kept = []
    if kind == "silent":
        for _ in range(4):  # the kernel takes one or two more than it is told to
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex((address, 443))
            kept.append(waiting)
        time.sleep(0.5)
    ways = Ways()
    print("ready", flush=True)
    if kind == "silent":
        threading.Event().wait()
    context = None
    if kind == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    while True:
        connection, _ = listener.accept()
        kept.append(connection)
        if kind == "forgets":
            ways.lead(connection)
        elif kind != "half-open":
            threading.Thread(target=answer, args=(connection, context), daemon=True).start()


class Ways:
    """Connections that lead to the directory, until they are forgotten."""

    def __init__(self):
        self.forgotten = 0  # how often
        signal.signal(signal.SIGUSR1, self.forget)

    def forget(self, *_):
        self.forgotten += 1

    def lead(self, connection):
        try:
            directory = socket.create_connection(DIRECTORY)
        except OSError:
            connection.close()
            return
        for source, target in ((connection, directory), (directory, connection)):
            threading.Thread(target=self.pass_on, args=(source, target, self.forgotten), daemon=True).start()

    def pass_on(self, source, target, age):
        try:
            while data := source.recv(65536):
                if age == self.forgotten:
                    target.sendall(data)
            if age == self.forgotten:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of them has closed it


def answer(connection, context):
    try:
        if context:
            connection = context.wrap_socket(connection, server_side=True)
            connection.recv(4096)
        connection.sendall(PORTAL)
        connection.close()
    except OSError:
        pass  # whoever was answered does not like it


if __name__ == "__main__":
    main(*sys.argv[1:])
