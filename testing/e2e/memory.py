"""Runs as root inside a lab: python3 memory.py PID < needles. Where in that process's memory each stands.

Each line of standard input is one needle in hexadecimal; for each, the places where it was found come out as one line of JSON.
"""

import json
import re
import sys


def regions(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) (r\S+) \S+ \S+ \S+ *(.*)", line)
            if found and found[4] not in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                yield int(found[1], 16), int(found[2], 16), found[4] or "anonymous"


def main(pid):
    needles = [bytes.fromhex(line) for line in sys.stdin.read().split()]
    places = [[] for _ in needles]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, name in regions(pid):
            try:
                memory.seek(begin)
                data = memory.read(end - begin)
            except OSError:
                continue  # reserved, never touched
            for needle, found in zip(needles, places):
                at = data.find(needle)
                while at >= 0:
                    around = data[max(0, at - 48):at + len(needle) + 48]
                    found.append({"at": hex(begin + at), "region": name, "around": around.decode("latin-1")})
                    at = data.find(needle, at + 1)
    for found in places:
        print(json.dumps(found))


main(int(sys.argv[1]))
