"""Hostile bytes on each socket: closed with a reason in the log, nothing lost, nothing leaked."""

import os
import struct
import threading
import time

import pytest

from frames import ANSWER, COMMAND, HEARD, LOOKUP, SOCKETS, START, Peer, frame, lookup, start, u32
from leaks import settles, state
from running_lab import PIN

FIRST = {"socket": START, "lookup": LOOKUP, "admin": COMMAND, "task_sock": 0x60, "broker_sock": 0x60}
GOOD_REPLIES = {0x50, 0x51, 0x52, 0x53}


def garbage(kind):
    good = frame(kind, b"x")
    return {
        "random bytes": os.urandom(512),
        "text": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "length 0": u32(0),
        "length 3": u32(3) + b"abc",
        "length one too large": u32(65537) + bytes(100),
        "length 4 GiB": u32(0xFFFFFFFF) + bytes(100),
        "another version": frame(kind, b"x", version=2),
        "unknown kind": frame(0xEE, b"x"),
        "a kind of the daemon's": frame(0x2F, u32(0), b"root"),
        "an answer nobody asked for": frame(ANSWER, b"x"),
        "no fields": frame(kind),
        "fewer fields than said": frame(kind, b"x", count=9),
        "more fields than said": frame(kind, b"x", b"y", count=1),
        "513 fields": frame(kind, *[b""] * 513),
        "a field beyond the frame": u32(8 + 4) + struct.pack("<BBH", 1, kind, 1) + u32(0x7FFFFFFF) + b"abcd",
        "a field of negative length": u32(8 + 4) + struct.pack("<BBH", 1, kind, 1) + u32(0xFFFFFFFF) + b"abcd",
        "half a frame, then the end": good[:-1],
        "only a length": u32(20),
    }


@pytest.fixture(autouse=True)
def nothing_leaks(lab, enrolled):
    before = state(lab)
    yield
    settles(lab, before)
    assert lab.out("aad-tool", "status") == "working!"
    assert lab.out("id", "-un", enrolled.name) == enrolled.name


@pytest.mark.parametrize("name", SOCKETS)
def test_garbage(lab, name):
    logged = len(lab.log())
    for what, data in garbage(FIRST[name]).items():
        with Peer(lab, name) as peer:
            peer.send(data)
            if what in ("half a frame, then the end", "only a length"):
                peer.finish()
            assert peer.closed_after(8) < 7, f"{name}: {what} was not refused"
    text = lab.log()[logged:]
    assert "uid" in text, "the refusal is logged with the peer's credentials"
    assert "Host: x" not in text, "never the bytes"


@pytest.mark.parametrize("name", SOCKETS)
def test_slow_frames_are_cut_off_and_block_no_other_peer(lab, enrolled, name):
    with Peer(lab, name) as peer:
        peer.send(u32(100))
        assert lab.out("id", "-un", enrolled.name) == enrolled.name
        assert 2 < peer.closed_after(12) < 8


def test_dripping_bytes_do_not_extend_the_limit(lab):
    with Peer(lab, "socket") as peer:
        stop = threading.Event()

        def drip():
            peer.send(u32(4000))
            while not stop.wait(0.5):
                peer.send(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            assert peer.closed_after(15) < 9
        finally:
            stop.set()
            thread.join()


def test_fields_of_the_wrong_size_or_encoding(lab):
    wrong = [
        start("user02", f0=b"\1"),
        start("user02", f0=b"\1\0\0\0\0"),
        start("user02", op=99),
        start(b"user\xff02"),
        start(b"user\0x"),
        start("user02", f2=b"\xc3\x28"),
        start("user02", f5=b""),
    ]
    for data in wrong:
        with Peer(lab, "socket") as peer:
            peer.send(data)
            reply = peer.receive()
            # Closed, or for a value that makes no sense an END that is no success.
            assert reply is None or reply[0] != 0x2F or struct.unpack("<I", reply[1][0])[0] != 0, data
    for data in (lookup(99, b"x"), lookup(2, b"123"), lookup(1, b"a\xff"), frame(LOOKUP, u32(1), b"user02", b"12")):
        with Peer(lab, "lookup") as peer:
            peer.send(data)
            reply = peer.receive()
            assert reply is None or reply[0] not in GOOD_REPLIES


def test_hostile_names(lab):
    for name in ("../../etc/passwd", "a/b", "a:b", "a\nb", "-rf", "root", " ", "x" * 60000, "\u202euser02", "user02\u0000"):
        with Peer(lab, "lookup") as peer:
            peer.send(lookup(1, name))
            reply = peer.receive()
            assert reply is None or reply[0] not in GOOD_REPLIES, name


def test_an_answer_that_is_too_long(lab, enrolled):
    with Peer(lab, "socket") as peer:
        peer.send(start(enrolled.name, service=b"sshd"))
        kinds = []
        while not kinds or kinds[-1] not in (0x22, 0x23):
            kinds.append(peer.receive()[0])
        peer.send(frame(ANSWER, b"1" * 4097))
        reply = peer.receive()
        assert reply is None or (reply[0] == 0x2F and reply[1][0] != u32(0))


def test_conversations_that_are_dropped_at_once(lab, enrolled):
    for _ in range(100):
        with Peer(lab, "socket") as peer:
            peer.send(start(enrolled.name))
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_one_uid_cannot_take_all_connections(lab, enrolled):
    lab.run("useradd", "-m", "greedy")
    script = (
        "import socket, time\n"
        "held = []\n"
        "for _ in range(300):\n"
        "    s = socket.socket(socket.AF_UNIX); s.connect('/run/himmelblaud/socket'); held.append(s)\n"
        "time.sleep(1)\n"
        "closed = 0\n"
        "for s in held:\n"
        "    s.setblocking(False)\n"
        "    try:\n"
        "        closed += s.recv(64)[5:6] in (b'', b'\\x28')\n"  # NO_ROOM
        "    except BlockingIOError:\n"
        "        pass\n"
        "    except ConnectionResetError:\n"
        "        closed += 1\n"
        "print(closed)\n"
        "input()\n"
    )
    lab.write("/tmp/greedy.py", script)
    done = lab.run("sh", "-c", "python3 /tmp/greedy.py", user="greedy", text="\n")
    assert int(done.stdout) >= 300 - 64
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_one_user_with_many_uids_cannot_take_the_memory(lab, enrolled):
    """Subordinate uids: enough to hold more frames half sent than the daemon has memory."""
    script = (
        "import os, socket, struct, time\n"
        "for uid in range(2100000000, 2100000024):\n"
        "    if os.fork() == 0:\n"
        "        os.setgroups([]); os.setgid(uid); os.setuid(uid)\n"
        "        held = []\n"
        "        for name in ('socket', 'lookup', 'admin') * 64:\n"
        "            s = socket.socket(socket.AF_UNIX)\n"
        "            try:\n"
        "                s.connect('/run/himmelblaud/' + name); s.sendall(struct.pack('<I', 65536) + b'\\1\\x10')\n"
        "            except OSError:\n"
        "                continue\n"
        "            held.append(s)\n"
        "        time.sleep(3); os._exit(0)\n"
        "while True:\n"
        "    try:\n"
        "        os.wait()\n"
        "    except ChildProcessError:\n"
        "        break\n"
    )
    lab.write("/tmp/crowd.py", script)
    before = lab.daemon_pid()
    lab.run("python3", "/tmp/crowd.py")
    assert lab.daemon_pid() == before
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()


def test_the_task_socket_is_roots(lab):
    assert lab.out("stat", "-c", "%a", "/run/himmelblaud/task_sock") == "600"
    lab.run("useradd", "-m", "mallory")
    script = "import socket; socket.socket(socket.AF_UNIX).connect('/run/himmelblaud/task_sock')"
    done = lab.run("python3", "-c", script, user="mallory")
    assert "PermissionError" in done.stderr


def test_another_user_cannot_open_a_session_or_change_a_pin(lab, enrolled):
    lab.run("useradd", "-m", "mallory")
    heard = frame(HEARD)
    for op in (3, 4, 5, 6):
        script = (
            "import socket, sys\n"
            f"s = socket.socket(socket.AF_UNIX); s.connect('/run/himmelblaud/socket'); s.settimeout(10)\n"
            f"s.sendall(bytes.fromhex('{start(enrolled.name, op=op).hex()}'))\n"
            "said = s.recv(65536)\n"
            f"if said == bytes.fromhex('{heard.hex()}'): said += s.recv(65536)\n"
            "print(said.hex())\n"
        )
        reply = bytes.fromhex(lab.run("python3", "-c", script, user="mallory").stdout.strip())
        reply = reply.removeprefix(heard)
        if op == 5 and not reply:
            continue  # nobody waits for an answer to that one
        assert reply[5] == 0x2F and struct.unpack_from("<I", reply, 12)[0] == 6, (op, reply)
