"""systemd's own tools see the same users and groups as the libc does (docs/protocol/userdb.md)."""

import json
import time

import pytest


GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"
GROUP_GID = "145696387"
USERDBCTL = ("userdbctl", "--with-nss=no", "--synthesize=no")
SOCKET = "/run/systemd/userdb/himmelblau"
# Speaks Varlink itself: prints what came for the call in argv[2], as far as it came.
TALK = """
import socket, sys
s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
data = sys.argv[2].encode("latin-1").decode("unicode_escape").encode("latin-1")
try:
    s.sendall(data); s.shutdown(socket.SHUT_WR)
    while piece := s.recv(65536):
        sys.stdout.write(piece.decode().replace("\\0", "\\n"))
except ConnectionError:
    pass
"""


@pytest.fixture(scope="module")
def member(lab):
    """A user with a PIN, in this group only; memberships come with a sign-in."""
    user = lab.new_user()
    lab.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", user.upn)
    return user.enrol()


def ask(lab, *words, expected="", seconds=20):
    """userdbctl without NSS. A busy machine may make our answer late, and then systemd's own services alone have answered."""
    end = time.monotonic() + seconds
    while True:
        done = lab.run(*USERDBCTL, *words)
        if done.returncode == 0 and done.stdout and expected in done.stdout or time.monotonic() > end:
            return done
        time.sleep(0.3)


def record(lab, kind, key):
    done = ask(lab, "-j", kind, key)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def unknown(lab, kind, key):
    """Certain only when the service itself said so: a call of our own, because userdbctl hides which error it was."""
    method, names = ("GetUserRecord", ("uid", "userName")) if kind == "user" else ("GetGroupRecord", ("gid", "groupName"))
    key = {names[0]: int(key)} if key.isdigit() else {names[1]: key}
    reply = said(lab, call(f"io.systemd.UserDatabase.{method}", service="himmelblau", **key))
    return '"error":"io.systemd.UserDatabase.NoRecordFound"' in reply


def said(lab, data, user=None):
    """What the service itself answers; before it, the relay may have answered for one that was busy."""
    end = time.monotonic() + 20
    while True:
        reply = talk(lab, data, user=user)
        if '"error":"io.systemd.UserDatabase.ServiceNotAvailable"' not in reply or time.monotonic() > end:
            return reply
        time.sleep(0.3)


def call(method, **parameters):
    return json.dumps({"method": method, "parameters": parameters}) + "\\0"


def talk(lab, data, path=SOCKET, user=None):
    return lab.out("python3", "-c", TALK, path, data, user=user)


def as_passwd(user):
    return ":".join(
        str(field) for field in (
            user["userName"], "x", user["uid"], user["gid"], user.get("realName", ""), user["homeDirectory"], user["shell"],
        )
    )


def as_group(group):
    return f"{group['groupName']}:x:{group['gid']}:{','.join(group['members'])}"


def same(line):
    """An entry whose members are in order: a user who joined a group later is last in the map until it is rewritten."""
    fields = line.split(":")
    return ":".join([*fields[:3], ",".join(sorted(fields[3].split(",")))]) if len(fields) == 4 else line


def test_a_user_is_field_by_field_what_getent_shows(lab, member):
    passwd = lab.out("getent", "-s", "himmelblau", "passwd", member.name)
    uid = passwd.split(":")[2]
    for key in (member.name, member.upn, member.upn.upper(), uid):
        user = record(lab, "user", key)
        assert as_passwd(user) == passwd
        assert (user["disposition"], user["service"]) == ("regular", "himmelblau")
        assert user["memberOf"] == [GROUP]
        assert not {"privileged", "secret", "signature", "hashedPassword"} & set(user)


def test_a_group_is_field_by_field_what_getent_shows(lab, member):
    group = lab.out("getent", "-s", "himmelblau", "group", GROUP_GID)
    assert group.startswith("datengruppe:x:")
    for key in (GROUP_GID, GROUP, GROUP.upper()):
        assert same(as_group(record(lab, "group", key))) == same(group)
    own = lab.out("getent", "-s", "himmelblau", "group", lab.out("id", "-g", member.name))
    assert as_group(record(lab, "group", member.name)) == own


def test_no_group_is_found_by_its_display_name(lab, member):
    assert unknown(lab, "group", "datengruppe")
    reply = said(lab, json.dumps({
        "method": "io.systemd.UserDatabase.GetMemberships", "more": True,
        "parameters": {"groupName": "datengruppe", "service": "himmelblau"},
    }) + "\\0")
    assert "NoRecordFound" in reply


def test_memberships_of_both_sides(lab, member):
    assert ask(lab, "groups-of-user", member.name, expected=GROUP).stdout.count(GROUP) == 1
    assert member.name in ask(lab, "users-in-group", GROUP, expected=member.name).stdout.split()


@pytest.mark.parametrize("kind", ["user", "group"])
def test_the_hosts_own_and_the_unknown_are_not_served(lab, kind):
    for key in ("root", "0", "999", "65534", "4294967294", "nobody-of-this-name", "daemon", "himmelblaud", "a:b", "x" * 300):
        assert unknown(lab, kind, key), key


def test_two_keys_that_disagree_conflict(lab, member):
    reply = said(lab, call("io.systemd.UserDatabase.GetUserRecord", userName=member.name, uid=4711, service="himmelblau"))
    assert "io.systemd.UserDatabase.ConflictingRecordFound" in reply


def test_says_what_it_is(lab):
    assert "io.systemd.UserDatabase" in said(lab, call("org.varlink.service.GetInfo"), user="nobody")
    text = said(lab, call("org.varlink.service.GetInterfaceDescription", interface="io.systemd.UserDatabase"))
    assert "method GetMemberships(" in json.loads(text)["parameters"]["description"]


def test_no_user_is_listed_twice(lab, member):
    names = [line.split(":")[0] for line in lab.out("getent", "passwd").split("\n")]
    assert names.count(member.name) == 1
    listed = lab.out("userdbctl", "--no-legend", "user")
    assert sum(member.name in line.split() for line in listed.split("\n")) == 1


def test_nss_systemd_answers_as_our_module_does(lab, member):
    for database, key in (("passwd", member.name), ("passwd", member.upn), ("group", GROUP_GID), ("group", GROUP), ("group", member.name)):
        ours = lab.out("getent", "-s", "himmelblau", database, key)
        for _ in range(20):
            if theirs := lab.run("getent", "-s", "systemd", database, key).stdout.strip():
                break
            time.sleep(0.3)
        assert same(theirs) == same(ours), (database, key)
    # Of a complete record nss-systemd would make a locked account.
    assert lab.out("getent", "shadow", member.name) == lab.out("getent", "-s", "himmelblau", "shadow", member.name)
    assert sorted(lab.out("id", "-G", member.name).split()) == sorted({*lab.out("id", "-G", member.name).split()})
    assert GROUP_GID in lab.out("id", "-G", member.name).split()
    assert lab.run("getent", "-s", "systemd", "group", "datengruppe").returncode == 2


def test_through_systemds_multiplexer(lab, member):
    """systemd-userdbd has them for its clients, from us or from the libc, whichever answers it first."""
    asked = ("userdbctl", "--multiplexer=yes", "-j")
    assert json.loads(lab.out(*asked, "user", member.name))["uid"] == int(lab.out("id", "-u", member.name))
    assert json.loads(lab.out(*asked, "group", GROUP_GID))["groupName"] == "datengruppe"
    assert lab.out("systemctl", "is-active", "systemd-userdbd") == "active"


@pytest.mark.parametrize("data", [
    "x\\0", "{}\\0", "[1]\\0", '{"method":5}\\0', '{"method":"a.b"', '{"method":"a.b","parameters":[]}\\0', "\\0" * 1000,
    "\\xff\\xfe\\0", '{"a":' * 3000 + "\\0", "x" * 100_000, '{"method":"io.systemd.UserDatabase.GetUserRecord","upgrade":true}\\0',
], ids=range(11))
def test_hostile_bytes_are_cut_off(lab, member, data):
    talk(lab, data, user="nobody")
    assert record(lab, "user", member.name)["userName"] == member.name


def test_a_flood_of_connections_leaves_room_for_root(lab, member):
    script = "import socket,time\nh=[]\nfor i in range(300):\n s=socket.socket(socket.AF_UNIX); s.connect('%s'); h.append(s)\nprint('all',flush=True); time.sleep(30)"
    flood = lab.terminal("setpriv", "--reuid=65534", "--clear-groups", "python3", "-c", script % SOCKET)
    try:
        flood.until("all")
        assert record(lab, "user", member.name)["userName"] == member.name
    finally:
        flood.close()


class TestWithoutTheDaemon:
    def answers_in_time(self, lab, name):
        for command in (
            (*USERDBCTL, "user", "someone-else"), ("getent", "-s", "systemd", "passwd", "someone-else"),
            ("getent", "-s", "systemd", "initgroups", "someone-else"), (*USERDBCTL, "groups-of-user", name),
        ):
            done, seconds = lab.timed("timeout", "10", *command)
            assert done.returncode != 0 or "initgroups" in command or done.stdout == "No memberships.\n"
            assert seconds < 0.6, command  # 45 s is what systemd's clients would wait
        assert lab.out("userdbctl", "-j", "user", name)  # through NSS, from the map

    def test_stopped(self, lab, member):
        lab.lab("stop", "daemon")
        try:
            self.answers_in_time(lab, member.name)
        finally:
            lab.start()

    def test_stuck(self, lab, member):
        with lab.stuck():
            self.answers_in_time(lab, member.name)

    def test_without_the_relay(self, lab, member):
        lab.lab("stop", "userdb")
        try:
            self.answers_in_time(lab, member.name)
            assert lab.out("getent", "passwd", member.name)
        finally:
            lab.start("userdb")

    def test_back_again(self, lab, member):
        assert record(lab, "user", member.name)["userName"] == member.name
