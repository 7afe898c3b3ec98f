"""Our NSS module through the real libc, whatever happens to the daemon and to the map: right answers or none, in time, and no process hurt."""

import random
import time

import pytest

from running_lab import DOMAIN, PIN, ROOT

GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"
GROUP_GID = "145696387"
PROGRAM = ROOT / "runtime/target/shims/nss/test/walk_glibc"
WALK = f"/root/{PROGRAM.name}"
NSS = "/var/cache/himmelblaud/nss"
LIMIT_MS = 300
# Our module alone, as on a host without systemd: what is first in the lab's own order would answer in its place.
ALONE = (
    "unshare", "--mount", "sh", "-c",
    'printf "%s: files himmelblau\\n" passwd group shadow initgroups >/run/alone.conf; mount --bind /run/alone.conf /etc/nsswitch.conf; exec "$@"', "alone",
)
# Asks for a name until it is there, then prints how long that took after the word on its standard input.
WATCH = """
import pwd, sys, time
pwd.getpwnam(sys.argv[1])
print("ready", flush=True)
name = sys.stdin.readline().strip()
begin = time.monotonic()
while time.monotonic() < begin + 5:
    try:
        pwd.getpwnam(name)
        print(f"seen {time.monotonic() - begin:.3f}", flush=True)
        break
    except KeyError:
        time.sleep(0.01)
"""


@pytest.fixture(scope="module")
def member(lab, enrolled):
    lab.put(PROGRAM)
    lab.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", enrolled.upn)
    with enrolled.ssh() as session:
        session.pin(PIN)
        session.shell()
    enrolled.uid = lab.out("id", "-u", enrolled.name)
    return enrolled


def walk(lab, user, *environment, around=ALONE):
    """Every entry point, sizes from one byte up, 16 threads, forks, lists."""
    done = lab.run(*around, "env", *environment, WALK, user.name, user.uid, GROUP_GID, GROUP)
    assert done.returncode == 0, done.stderr


def misses(lab, around=ALONE):
    """Nothing is found, and no single call takes longer than 300 ms: of three tries one, because a busy machine may stop any process for that long."""
    for _ in range(3):
        done = lab.run(*around, WALK, "--miss", LIMIT_MS)
        if done.returncode == 0:
            return
    raise AssertionError(done.stderr)


def right_or_nothing(lab, user):
    """Each in a new process, so that the files are opened anew."""
    for database, key, wanted in (
        ("passwd", user.name, f"{user.name}:x:{user.uid}:"), ("passwd", user.uid, f"{user.name}:x:{user.uid}:"),
        ("group", GROUP_GID, f"datengruppe:x:{GROUP_GID}:"), ("group", GROUP, f"datengruppe:x:{GROUP_GID}:"), ("shadow", user.name, f"{user.name}:x:"),
    ):
        done, seconds = lab.timed(*ALONE, "getent", database, key)
        assert done.returncode == 2 and not done.stdout or done.returncode == 0 and done.stdout.startswith(wanted), (database, key, done)
        assert seconds < 1, (database, key)


@pytest.mark.parametrize("binding", ["LD_BIND_NOW=1", "LD_BIND_NOW="])
def test_with_the_daemon(lab, member, binding):
    walk(lab, member, binding)
    misses(lab)


def test_in_the_hosts_own_order(lab, member):
    """nss-systemd, where it is, asks the user database before our module is asked."""
    assert lab.run("env", "WALK_ROUNDS=10", WALK, member.name, member.uid, GROUP_GID, GROUP).returncode == 0
    misses(lab, around=())


def test_with_the_daemon_stopped(lab, member):
    lab.lab("stop", "daemon")
    try:
        walk(lab, member)
        misses(lab)
        misses(lab, around=())
    finally:
        lab.start()


def test_with_a_daemon_that_is_stuck(lab, member):
    with lab.stuck():
        walk(lab, member)
        misses(lab)
        misses(lab, around=())


def test_killed_in_a_write(lab, member):
    """New users are looked up, each of which is written to the map, and somewhere in between the daemon is killed."""
    random.seed(4711)
    for number in range(2):
        names = [f"killed{number}{letter}" for letter in "abcd"]
        for name in names:
            lab.tenant("user", "add", f"{name}@{DOMAIN}", "--password", "Passw0rd!")
        asking = f"for n in {' '.join(names)}; do getent passwd $n; done"
        writer = lab.terminal("sh", "-c", f"sleep 0.3; {asking}; {asking}; echo over")
        time.sleep(0.3 + random.random() / 2)
        lab.kill_daemon()
        writer.close()
        # What a write leaves that was cut off: half a file that has not got its name yet.
        lab.out("sh", "-c", f"head -c 5000 {NSS}/map >{NSS}/map.new; head -c 100 {NSS}/map >{NSS}/delta.new; chown himmelblaud: {NSS}/*.new")
        right_or_nothing(lab, member)
        walk(lab, member, "WALK_ROUNDS=50")
        lab.start()
        for name in names:
            lab.await_name(name)
        walk(lab, member, "WALK_ROUNDS=50")


class TestDamage:
    """The map itself; the daemon is up, and answers what the map does not."""

    @pytest.fixture(autouse=True, scope="class")
    def kept(self, lab, member):
        lab.out("sh", "-c", f"mkdir /run/kept && cp -a {NSS}/. /run/kept/")
        yield
        lab.out("rm", "-rf", "/run/kept")
        lab.out("aad-tool", "cache-clear", "--nss")
        lab.await_name(member.name)

    def put_back(self, lab):
        lab.out("sh", "-c", f"for f in map delta; do [ ! -e /run/kept/$f ] || {{ cp -a /run/kept/$f {NSS}/new && mv {NSS}/new {NSS}/$f; }}; done")

    @pytest.mark.parametrize("command", [
        "truncate -s 0 {map}", "truncate -s 1 {map}", "truncate -s 255 {map}", "truncate -s 4095 {map}", "truncate -s 4096 {map}", "truncate -s +1 {map}",
        "chmod 000 {map}", "rm {map}", "rm {map} && mkfifo {map}", "rm {map} && ln -s /etc/passwd {map}", "head -c 8192 /dev/urandom >{map}",
        # each header field in place: magic, version, sizes, kind, generations, seed, times, sections, counts
        "for at in 0 8 12 16 20 24 32 40 48 56 64 72 80 88 96 128 176 184 192 200; do printf '\\377' | dd of={map} bs=1 seek=$at conv=notrunc status=none; done",
    ])
    def test_of_the_map(self, lab, member, command):
        lab.out("sh", "-c", command.format(map=f"{NSS}/map"))
        try:
            right_or_nothing(lab, member)
            assert lab.run(*ALONE, "setpriv", "--reuid=65534", "--clear-groups", "getent", "passwd", member.name).returncode in (0, 2)
        finally:
            lab.out("rm", "-rf", f"{NSS}/map")
            self.put_back(lab)

    def test_replaced_and_cut_while_it_is_read(self, lab, member):
        script = (
            f"for i in $(seq 40); do cp /run/kept/map {NSS}/new; mv {NSS}/new {NSS}/map; sleep 0.02; truncate -s $((i * 173 % 4096)) {NSS}/map; sleep 0.02;"
            f" rm {NSS}/map; done; cp -a /run/kept/map {NSS}/new; mv {NSS}/new {NSS}/map"
        )
        reader = (
            "import pwd, sys, time\nend = time.monotonic() + 4\nfound = 0\nwhile time.monotonic() < end:\n"
            " try:\n  assert pwd.getpwnam(sys.argv[1]).pw_uid == int(sys.argv[2]); found += 1\n except KeyError: pass\nprint(found)"
        )
        damage = lab.terminal("sh", "-c", script + "; echo over")
        try:
            assert int(lab.out(*ALONE, "python3", "-c", reader, member.name, member.uid)) > 100
            damage.until("over")
        finally:
            damage.close()
            self.put_back(lab)

    def test_an_older_one_put_back(self, lab, member):
        late = lab.new_user()
        lab.out("getent", "passwd", late.name)
        self.put_back(lab)
        right_or_nothing(lab, member)
        done = lab.run(*ALONE, "getent", "passwd", late.name)  # the map knows them no more; the daemon does
        assert done.stdout.startswith(f"{late.name}:x:") or done.returncode == 2

    def test_the_daemon_rewrites_a_damaged_map(self, lab, member):
        """It keeps the file open that it amends, and that file was cut under it."""
        lab.out("aad-tool", "cache-clear", "--nss")
        time.sleep(10)  # what was damaged before may have been written anew just now
        lab.out("truncate", "-s", "100", f"{NSS}/map")
        late = lab.new_user()
        lab.await_name(late.name)
        with lab.stuck():
            for user in (member, late):
                assert lab.out(*ALONE, "getent", "passwd", user.name).startswith(f"{user.name}:x:")


def test_an_added_user_is_there_within_a_second(lab, member):
    """For a process that has been reading the map before, and with a daemon that cannot be asked any more."""
    watcher = lab.terminal(*ALONE, "python3", "-c", WATCH, member.name)
    try:
        watcher.until("ready")
        added = lab.new_user()
        with lab.stuck():
            watcher.type(added.name)
            assert float(watcher.until(r"seen ([0-9.]+)", want_match=True)[1]) < 1
    finally:
        watcher.close()
