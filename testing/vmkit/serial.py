"""Joins this terminal with a machine's serial line: a program for a user's hands. Argument: the socket at which QEMU offers the line."""

import os
import selectors
import socket
import sys

with socket.socket(socket.AF_UNIX) as line, selectors.DefaultSelector() as ready:
    line.connect(sys.argv[1])
    ways = {0: line.fileno(), line.fileno(): 1}
    for source, target in ways.items():
        ready.register(source, selectors.EVENT_READ, target)
    while True:
        for key, _ in ready.select():
            data = os.read(key.fd, 4096)
            if not data:
                sys.exit(0)
            while data:
                data = data[os.write(key.data, data):]
