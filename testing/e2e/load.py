"""Users who sign in with their PIN, and programs that look names up, all the while. Each ends its with block with a list of what failed."""

import itertools
import json
import threading
import time

import frames

ASK_HIDDEN, END, PASSWD, SUCCESS = 0x23, 0x2F, 0x50, 0
BY_UID, PATIENCE = 2, 5000

# Runs inside: so many look-ups a second, in slices of ten milliseconds, until standard input ends; then one line: how many, how long, what failed.
LOOKUPS = """
import ctypes, json, pwd, select, sys, time
# As getent -s himmelblau: on this host systemd is asked first, which asks the daemon through the relay.
assert ctypes.CDLL(None).__nss_configure_lookup(b"passwd", b"himmelblau") == 0
names, rate = sys.argv[2:], int(sys.argv[1])
uids = [pwd.getpwnam(name).pw_uid for name in names]
count, failed, begin = 0, [], time.monotonic()
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    for i in range(rate // 200):
        try:
            uid = pwd.getpwnam(names[i % len(names)]).pw_uid
            assert uid == uids[i % len(names)]
            assert pwd.getpwuid(uid).pw_name == names[i % len(names)]
        except Exception as e:
            failed.append(repr(e))
    count += rate // 200 * 2
    time.sleep(max(0, begin + count / rate - time.monotonic()))
print(json.dumps({"count": count, "seconds": time.monotonic() - begin, "failed": failed[:20]}))
"""


class SignIns:
    """So many PIN sign-ins at once; each thread begins the next when one has ended."""

    def __init__(self, lab, users, pin, count):
        self._lab, self._pin, self._stop = lab, pin, threading.Event()
        self.seconds, self.failed = [], []
        whose = itertools.cycle(users)
        self._threads = [threading.Thread(target=self._run, args=(next(whose), number)) for number in range(count)]

    def _run(self, user, number):
        while not self._stop.is_set():
            begin = time.monotonic()
            try:
                said = self._sign_in(user, number)
            except (OSError, AssertionError) as e:
                said = repr(e)
            self.seconds.append(time.monotonic() - begin)
            if said:
                self.failed.append((user, self.seconds[-1], said))
                time.sleep(0.2)

    def more(self, count, limit=120):
        """Until so many more have ended."""
        goal, end = len(self.seconds) + count, time.monotonic() + limit
        while len(self.seconds) < goal:
            assert time.monotonic() < end, "sign-ins do not end any more"
            time.sleep(0.05)

    def _sign_in(self, user, number):
        """Empty, or why it failed."""
        said = []
        with frames.Peer(self._lab, "socket") as peer:
            peer.limit(60)
            # A terminal of its own: one place may not take the rooms of all.
            peer.send(frames.start(user, service=b"login", _3=f"tty{number}".encode()))
            while (got := peer.receive()) is not None:
                kind, fields = got
                if kind == ASK_HIDDEN:
                    peer.send(frames.frame(frames.ANSWER, self._pin))
                elif kind == END:
                    return "" if fields[0] == frames.u32(SUCCESS) else f"{fields[0].hex()} {said}"
                else:
                    said.append((kind, [field.decode(errors="replace") for field in fields]))
        return f"closed {said}"

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


class Lookups:
    """So many look-ups a second of these names, by name and by id."""

    def __init__(self, lab, names, rate):
        self._lab, self._words = lab, ("python3", "-c", LOOKUPS, rate, *names)

    def __enter__(self):
        self._process = self._lab.open(*self._words)
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_):
        said, _ = self._process.communicate("\n", timeout=60)
        result = json.loads(said)
        self.count, self.seconds, self.failed = result["count"], result["seconds"], result["failed"]


class Questions:
    """Asks the daemon itself for users, whom the map would have, one question after the other."""

    def __init__(self, lab, uids):
        self._lab, self._uids, self._stop = lab, uids, threading.Event()
        self.count, self.failed = 0, []
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        for uid in itertools.cycle(self._uids):
            if self._stop.wait(0.01):
                return
            with frames.Peer(self._lab, "lookup") as peer:
                peer.send(frames.lookup(BY_UID, frames.u32(uid), PATIENCE))
                answer = peer.receive()
            self.count += 1
            if answer is None or answer[0] != PASSWD:
                self.failed.append((uid, answer))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
