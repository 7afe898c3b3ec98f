#!/usr/bin/python3 -B
"""Inside a lab, as root: what every process of the host is started with, as ps(1) and /proc show it, from "watching" on standard output until standard input ends.

Prints a JSON list of [name of the program, "arguments" or "environment", text], each once.
"""

import json
import os
import sys
import threading

PARTS = {"cmdline": "arguments", "environ": "environment"}


def read(pid, part):
    try:
        with open(f"/proc/{pid}/{part}", "rb") as file:
            return file.read().decode(errors="replace")
    except OSError:  # it has ended
        return ""


def main():
    seen, ended = set(), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    print("watching", flush=True)
    while not ended.is_set():
        for pid in filter(str.isdigit, os.listdir("/proc")):
            name = read(pid, "comm").rstrip("\n")
            seen.update((name, what, text) for part, what in PARTS.items() if (text := read(pid, part)))
    print(json.dumps(sorted(seen)))


main()
