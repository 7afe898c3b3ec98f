#!/usr/bin/python3 -B
"""glibc.py MODULE_DIR WALKER MKMAP VECTORS: the module inside real glibc, in a mount namespace of its own, with a daemon played by this test.

Skipped (77) where no namespace can be made.
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

MODULE, WALKER, MKMAP, VECTORS = (Path(word).resolve() for word in sys.argv[1:5])
MAP = Path("/var/cache/himmelblaud/nss")
RUN = Path("/run/himmelblaud")
LIMIT = 0.3


def frame(kind, *fields):
    body = struct.pack("<BBH", 1, kind, len(fields)) + b"".join(struct.pack("<I", len(f)) + f for f in fields)
    return struct.pack("<I", len(body)) + body


def u32(number):
    return struct.pack("<I", number)


def person(name, uid):
    return frame(0x50, name, u32(uid), u32(uid), b"From the socket", b"/home/" + name, b"/bin/sh")


def answer(operation, key):
    """What the played daemon knows."""
    if operation == 1 and key == b"fresh":
        return person(b"fresh", 3000000001)
    if operation == 2 and key == u32(3000000001):
        return person(b"fresh", 3000000001)
    if operation == 3 and key == b"fresh":
        return frame(0x51, b"fresh", u32(3000000001), b"fresh")
    if operation == 4 and key == u32(3000000002):
        return frame(0x51, b"many", u32(3000000002), *[b"m%d" % i for i in range(500)])
    if operation == 5 and key == b"fresh":
        return frame(0x52, u32(3000000001), struct.pack("<2I", 3000000002, 3000000003))
    if key == b"later":
        return frame(0x5E)
    if key == b"garbage":
        return b"\xff" * 4096
    if key == b"cut":
        return person(b"cut", 3000000009)[:20]
    if key == b"system":
        return person(b"system", 12)
    if key == b"slow":
        time.sleep(2)
    return frame(0x5D)


def serve():
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path = RUN / "lookup"
    path.unlink(missing_ok=True)
    server.bind(str(path))
    server.listen(64)
    while True:
        peer, _ = server.accept()
        if os.fork() == 0:
            head = peer.recv(4, socket.MSG_WAITALL)
            body = peer.recv(struct.unpack("<I", head)[0], socket.MSG_WAITALL)
            length = struct.unpack("<I", body[12:16])[0]
            key = body[16:16 + length]
            # After the deadline stands the name of the program, when root asks for a user by name.
            if body[24 + length:].endswith(b"getent") and key in (b"working", b"working-gone"):
                peer.sendall(frame(0x54))
                time.sleep(1)
                key = b"fresh" if key == b"working" else b"cut"
            peer.sendall(answer(struct.unpack("<I", body[8:12])[0], key))
            os._exit(0)
        peer.close()


def start():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        serve()
    while not (RUN / "lookup").exists():
        time.sleep(0.01)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    return child


def getent(*words, env=None):
    begun = time.monotonic()
    done = subprocess.run(["getent", *words], capture_output=True, text=True, env={**os.environ, **(env or {})})
    return done.stdout.strip(), time.monotonic() - begun


def expect(wanted, *words, env=None):
    got, _ = getent(*words, env=env)
    if got != wanted:
        sys.exit(f"getent {' '.join(words)}: {got!r} instead of {wanted!r}")


def bounded(*words):
    """Nothing, and in time; half a budget more for starting a process on a busy machine."""
    got, took = getent(*words)
    if got or took > LIMIT + 0.15:
        sys.exit(f"getent {' '.join(words)}: {got!r} after {took:.3f} s")


def publish(name, target):
    with open(VECTORS / f"{name}.txt") as text:
        subprocess.run([MKMAP, MAP / "new"], stdin=text, check=True)
    (MAP / "new").rename(MAP / target)


def with_rights_of_another(user02):
    """Of a program that takes its group's rights (AT_SECURE), the user who runs it chooses the environment: it does not switch lookups off."""
    program = RUN / "getent"
    shutil.copy(shutil.which("getent"), program)
    os.chown(program, 0, 65534)
    program.chmod(0o2755)
    # The loader does not follow LD_LIBRARY_PATH there either: this module has to be in the loader's own list.
    cache = RUN / "ld.so.cache"
    subprocess.run(["ldconfig", "-X", "-C", cache, MODULE], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["mount", "--bind", cache, "/etc/ld.so.cache"], check=True)
    for unit in ["himmelblaud.service", "himmelblaud-tasks.service"]:
        environment = {**os.environ, "SYSTEMD_ACTIVATION_UNIT": unit}
        done = subprocess.run([program, "passwd", "user02"], capture_output=True, text=True, env=environment)
        if done.stdout.strip() != user02:
            sys.exit(f"getent with rights of another: {done.stdout!r} {done.stderr!r}")
    subprocess.run(["umount", "/etc/ld.so.cache"], check=True)


def with_map():
    user02 = "user02:x:773235643:773235643:User Two:/home/user02:/bin/bash"
    expect(user02, "passwd", "user02")
    expect(user02, "passwd", "USER02@0pndv.onmicrosoft.com")
    expect(user02, "passwd", "773235643")
    expect("user02:x::0:99999:7:::0", "shadow", "user02")
    expect("datengruppe:x:145696387:user02,user01", "group", "145696387")
    expect("datengruppe:x:145696387:user02,user01", "group", "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6")
    expect("", "group", "datengruppe")
    expect("", "passwd", "nobody-here")
    expect("", "passwd", "root:x")
    expect("", "passwd", "user02", env={"SYSTEMD_ACTIVATION_UNIT": "himmelblaud.service"})
    with_rights_of_another(user02)
    done = subprocess.run(["id", "user02"], capture_output=True, text=True)
    if "145696387(datengruppe)" not in done.stdout or "uid=773235643(user02)" not in done.stdout:
        sys.exit(f"id user02: {done.stdout}{done.stderr}")
    for env in [{}, {"LD_BIND_NOW": "1"}]:
        words = [WALKER, "user02", "773235643", "145696387", "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"]
        subprocess.run(words, check=True, env={**os.environ, **env})


def with_daemon():
    expect("fresh:x:3000000001:3000000001:From the socket:/home/fresh:/bin/sh", "passwd", "fresh")
    expect("fresh:x:3000000001:3000000001:From the socket:/home/fresh:/bin/sh", "passwd", "3000000001")
    expect("fresh:x:3000000001:fresh", "group", "fresh")
    expect("many:x:3000000002:" + ",".join(f"m{i}" for i in range(500)), "group", "3000000002")
    got = subprocess.run(["id", "-G", "fresh"], capture_output=True, text=True).stdout.split()
    if got != ["3000000001", "3000000002", "3000000003"]:
        sys.exit(f"id -G fresh: {got}")
    expect("fresh:x:3000000001:3000000001:From the socket:/home/fresh:/bin/sh", "passwd", "working")
    got, took = getent("passwd", "working-gone")
    if got or took > 2:
        sys.exit(f"a daemon that went away while it was working: {got!r} after {took:.3f} s")
    for name in ["stranger", "later", "garbage", "cut", "system", "slow"]:
        bounded("passwd", name)


def inside():
    for folder in ["/var/cache", "/run"]:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder], check=True)
    MAP.mkdir(parents=True)
    RUN.mkdir()
    switch = RUN / "nsswitch.conf"
    switch.write_text("passwd: files himmelblau\ngroup: files himmelblau\nshadow: files himmelblau\ninitgroups: files himmelblau\n")
    subprocess.run(["mount", "--bind", switch, "/etc/nsswitch.conf"], check=True)
    os.environ["LD_LIBRARY_PATH"] = str(MODULE)
    bounded("passwd", "user02")  # no map, no daemon
    publish("base", "map")
    with_map()
    bounded("passwd", "stranger")
    daemon = start()
    try:
        with_map()
        with_daemon()
        os.kill(daemon, signal.SIGSTOP)
        with_map()
        for words in [("passwd", "stopped"), ("passwd", "3100000000"), ("group", "3100000000")]:
            bounded(*words)
        publish("delta", "delta")
        expect("user03:x:1749180831:1749180831:User Three:/home/user03:/bin/bash", "passwd", "user03")
        expect("", "passwd", "anna")
    finally:
        os.kill(daemon, signal.SIGKILL)
        os.waitpid(daemon, 0)
    bounded("passwd", "killed")
    expect("user-one:x:680773750:680773750:User One Renamed:/home/user01:/bin/bash", "passwd", "680773750")
    whole = (MAP / "map").read_bytes()
    for damaged in [whole[:100], whole[:4095], b"", whole[:8] + b"\x02" + whole[9:], b"x" * len(whole)]:
        (MAP / "map").write_bytes(damaged)
        bounded("passwd", "user02")
    (MAP / "map").write_bytes(whole)
    expect("user03:x:1749180831:1749180831:User Three:/home/user03:/bin/bash", "passwd", "user03")


if __name__ == "__main__":
    if sys.argv[-1] == "--inside":
        inside()
        sys.exit(0)
    make = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0 or subprocess.run([*make, "true"], capture_output=True).returncode != 0:
        sys.exit(77)
    os.execvp("unshare", [*make, sys.executable, "-B", __file__, *sys.argv[1:5], "--inside"])
