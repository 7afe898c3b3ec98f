"""Fifty users wait on different methods at once: they delay nobody, and leave nothing."""

import statistics

import pytest

from frames import ANSWER, Peer, frame, start
from leaks import settles, state
from running_lab import DOMAIN, PASSWORD, PIN, ROOT

SEED = ROOT / "testing/tenant/src/main/resources/himmelblau/testing/tenant/default-seed.yaml"
METHODS = ("PhoneAppNotification", "TwoWayVoiceMobile", "OneWaySMS", "PhoneAppOTP", "")
EACH = 10
ASK, ASK_HIDDEN, SAY, END = 0x22, 0x23, 0x20, 0x2F
ROUNDS = 7


def names(method):
    return [f"w{METHODS.index(method)}{i}" for i in range(EACH)]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A tenant with the fifty."""
    users = "".join(
        f"      - {{ upn: {name}@{DOMAIN}, name: {name}, password: {PASSWORD}, mfa: [{method}] }}\n" for method in METHODS for name in names(method)
    )
    text = SEED.read_text(encoding="utf-8")
    at = text.index(f"domains: [{DOMAIN}]")
    file = tmp_path_factory.mktemp("waiting") / "tenant.yaml"
    file.write_text(text[:at] + text[at:].replace("    users:\n", "    users:\n" + users, 1), encoding="utf-8")
    return file


class Waiting:
    """A user of a dialog program on another host, up to the method's prompt or wait."""

    def __init__(self, lab, name):
        self.name, self.peer, self.texts = name, Peer(lab, "socket"), []
        self.peer.send(start(name, service=b"something", _4=b"192.0.2.7"))

    def to_password(self):
        self._until(ASK_HIDDEN)
        self.peer.send(frame(ANSWER, PASSWORD))

    def to_method(self, asks):
        """Until it is asked for a code, or told what to do."""
        said = len(self.texts)
        if asks:
            self._until(ASK_HIDDEN)
        while not asks and len(self.texts) == said:
            self._next()

    def _next(self):
        got = self.peer.receive()
        assert got is not None, (self.name, self.texts)
        if got[0] == SAY:
            self.texts.append(got[1][0].decode())
        assert got[0] != END, (self.name, self.texts)
        return got[0]

    def _until(self, kind):
        while self._next() != kind:
            pass


def others(lab, enrolled):
    """Median seconds of: a lookup, a lookup of nobody, a sign-in by PIN at this host and from another one."""
    client = "/root/pam_client.py"
    commands = {
        "lookup": ("getent", "passwd", enrolled.name),
        "nobody": ("sh", "-c", "! getent passwd nobody-has-this-name"),
        "pin": ("sh", "-c", f"echo {PIN} | python3 {client} vsftpd vsftpd {enrolled.name} 2>/dev/null | grep -q '^.*ended 0$'"),
        "remote": ("sh", "-c", f"echo {PIN} | python3 {client} vsftpd vsftpd {enrolled.name} --rhost 192.0.2.9 2>/dev/null | grep -q '^.*ended 0$'"),
    }
    medians = {}
    for what, command in commands.items():
        times = []
        for _ in range(ROUNDS):
            done, seconds = lab.timed(*command)
            assert done.returncode == 0, (what, done.stdout, done.stderr)
            times.append(seconds)
        medians[what] = statistics.median(times)
    return medians


def files(lab):
    return lab.out("sh", "-c", "ls -A /run/himmelblaud /home; find /var/cache/private/himmelblaud /tmp -xdev | sort")


def test_fifty_users_wait(another, crowded, request):
    lab = another(name="e2e-waiting", tenant=crowded)
    lab.put(request.path.parent / "pam_client.py")
    enrolled = lab.new_user(local="enrolled").enrol()
    for name in (name for method in METHODS for name in names(method)):
        lab.await_name(name)
    others(lab, enrolled)
    before, kept = state(lab), files(lab)
    reference = others(lab, enrolled)

    for name in ("push-timeout-seconds", "max-poll-attempts"):
        lab.tenant("setting", name, "600")
    waiting = {}
    for method in METHODS:  # ten at a time: the emulated service is no faster
        users = waiting[method] = [Waiting(lab, name) for name in names(method)]
        for user in users:
            user.to_password()
        for user in users:
            user.to_method(asks=method in ("OneWaySMS", "PhoneAppOTP"))
    assert state(lab)[1] - before[1] >= len(METHODS) * EACH, "each has a socket"
    assert any("enter the number" in text for text in waiting["PhoneAppNotification"][0].texts)
    assert any("devicelogin" in text for text in waiting[""][0].texts)
    meanwhile = others(lab, enrolled)
    print("seconds alone:", reference, "with fifty waiting:", meanwhile)
    for what, alone in reference.items():
        assert meanwhile[what] < 2 * alone + 0.25, (what, reference, meanwhile)

    for users in waiting.values():
        for user in users:
            user.peer.__exit__()
    settles(lab, before)
    assert files(lab) == kept
    assert others(lab, enrolled)["pin"] < 2 * reference["pin"] + 0.25
