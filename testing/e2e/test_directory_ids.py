"""Ids: the same on every machine, of nobody else, and never decided by who came first."""

import unicodedata

import pytest

from directory_lab import OTHER
from running_lab import DOMAIN, ROOT

OBJECT = "cd4ebec9-434c-4bad-af7c-9c39a4127551"
GROUP, GROUP_BY_ID = "4210d86f-ce97-4aff-97f7-bd3789727903", "58490825"
RANGE = (200000, 2000200000)


def by_name(text, low=RANGE[0], high=RANGE[1]):
    """The algorithm of host-behaviour 4.2, written a second time."""
    data = unicodedata.normalize("NFKC", text.lower()).encode()
    mask, h = 0xFFFFFFFF, 0xDEADBEEF

    def scrambled(k):
        k = k * 0xCC9E2D51 & mask
        return ((k << 15 | k >> 17) & mask) * 0x1B873593 & mask

    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        h ^= scrambled(int.from_bytes(data[at:at + 4], "little"))
        h = ((h << 13 | h >> 19) & mask) * 5 + 0xE6546B64 & mask
    h ^= scrambled(int.from_bytes(data[whole:], "little")) ^ len(data)
    h = (h ^ h >> 16) * 0x85EBCA6B & mask
    h = (h ^ h >> 13) * 0xC2B2AE35 & mask
    return str(low + (h ^ h >> 16) % (high - low + 1))


@pytest.fixture(autouse=True)
def anew(directory):
    yield
    directory.fresh()


def test_the_second_hash_agrees_with_the_vectors():
    compared = 0
    for line in (ROOT / "testing/vectors/idmap/by-name.txt").read_text(encoding="utf-8").splitlines():
        words = line.split("\t")
        if len(words) == 4 and words[3].isdigit() and words[0].isascii() and "\\" not in words[0]:
            assert by_name(words[0], int(words[1]), int(words[2])) == words[3], line
            compared += 1
    assert compared > 10


class TestSources:
    def test_by_name(self, directory):
        directory.add("byname", "--id", OBJECT)
        directory.tenant("group", "add", "vectors", "--id", GROUP, "--member", f"byname@{DOMAIN}")
        fields = directory.signed_in("byname")
        assert fields[2:4] == [by_name(f"byname@{DOMAIN}")] * 2
        assert by_name(GROUP) in directory.out("id", "-G", "byname").split()

    def test_by_uuid_after_the_first_sign_in(self, directory):
        directory.ids("id_attr_map = uuid")
        directory.add("byuuid", "--id", "97bfcfc4-fb12-445e-aaca-28c6b5375855")
        directory.tenant("group", "add", "vectors", "--id", GROUP, "--member", f"byuuid@{DOMAIN}")
        directory.eventually(lambda: directory.sign_in("byuuid")[0], what="a sign-in by uuid")
        assert directory.passwd("byuuid")[2] == "1432044789"
        assert GROUP_BY_ID in directory.out("id", "-G", "byuuid").split()

    @pytest.mark.parametrize("fallback", [None, "name", "uuid"])
    def test_by_rfc2307(self, directory, fallback):
        directory.ids("id_attr_map = rfc2307\n" + (f"rfc2307_group_fallback_map = {fallback}" if fallback else ""))
        local = f"posix{fallback or ''}".lower()
        uid = {None: "7001", "name": "7002", "uuid": "7003"}[fallback]
        upn = directory.add(local, "--uid", uid, "--gid", "7100", "--shell", "/bin/sh", "--gecos", "P. X.", "--home", "/home/elsewhere")
        directory.tenant("group", "add", "with-gid", "--id", "0a0a0a0a-0000-4000-8000-000000000001", "--gid", "7200", "--member", upn)
        directory.tenant("group", "add", f"without-{fallback}", "--id", GROUP, "--member", upn)
        directory.eventually(lambda: directory.sign_in(local)[0], what="a sign-in by rfc2307")
        fields = directory.passwd(local)
        assert fields[2:4] == [uid, "7100"] and fields[4] == "P. X." and fields[6] == "/bin/sh"
        gids = set(directory.out("id", "-G", local).split())
        extra = {None: set(), "name": {by_name(f"without-{fallback}")}, "uuid": {GROUP_BY_ID}}[fallback]
        assert gids == {"7100", "7200"} | extra
        directory.tenant("user", "del", upn)
        directory.tenant("group", "del", GROUP)

    def test_a_reserved_or_senseless_uidnumber_keeps_out(self, directory):
        directory.ids("id_attr_map = rfc2307")
        names = [f"reserved{i}" for i in range(9)]
        for name, uid in zip(names, ["0", "999", "61184", "65534", "4294967295", "4294967296", "-1", "seven", ""]):
            directory.add(name, f"--uid={uid}")
        directory.await_names(*names)
        assert not any(directory.sign_ins(*names).values())
        troubles = directory.troubles()
        assert all(f"{name}@" in troubles for name in names)
        listed = [line.split(":") for line in directory.out("getent", "passwd", "root", *names).splitlines()]
        assert listed[0][2] == "0" and all(int(fields[2]) >= RANGE[0] for fields in listed[1:])

    def test_an_id_of_a_local_account_keeps_out(self, directory):
        directory.out("useradd", "-M", "-u", "7450", "keeper")
        directory.ids("id_attr_map = rfc2307")
        directory.add("usurper", "--uid", "7450")
        directory.await_name("usurper")
        assert not directory.sign_in("usurper")[0]
        assert "taken by a local account" in directory.troubles()
        assert directory.out("id", "-un", "7450") == "keeper"


class TestSeveralTenants:
    def test_each_has_its_range_and_its_names(self, directory):
        directory.await_names("user02", f"user02@{OTHER}")
        assert directory.passwd("user02")[2] == "773235643"
        fields = directory.passwd(f"user02@{OTHER}")
        assert fields[0] == f"user02@{OTHER}"
        assert fields[2] == by_name(f"user02@{OTHER}", 2000300000, 2000399999)
        assert directory.passwd("user02")[2] != fields[2]

    def test_overlapping_ranges_are_refused_with_the_reason(self, directory):
        directory.configure(other="idmap_range = 1000000-1999999")
        begin = len(directory.log())
        directory.restart()
        directory.await_name("user02")
        why = f"idmap_range 1000000-1999999 of {OTHER} overlaps 200000-2000200000 of {DOMAIN}"
        directory.eventually(lambda: why in directory.troubles(), what="the reason in aad-tool status")
        assert why in directory.log()[begin:]
        assert directory.passwd(f"user02@{OTHER}") is None
        assert directory.passwd("user02")[2] == "773235643"
        directory.configure()
        directory.await_name(f"user02@{OTHER}")
        assert "overlaps" not in directory.troubles()

    @pytest.mark.parametrize("bad", ["500-70000", "60000-62000"])
    def test_a_range_of_the_host_is_refused(self, directory, bad):
        before = directory.passwd(f"user02@{OTHER}")
        directory.configure(other=f"idmap_range = {bad}")
        directory.eventually(lambda: f"idmap_range = {bad} of {OTHER} instead of" in directory.troubles(), what="a change that waits")
        assert directory.passwd(f"user02@{OTHER}") == before, "while it waits nobody loses an id"
        directory.reassign()
        assert f"idmap_range {bad} of {OTHER} overlaps ids of" in directory.troubles()
        assert directory.passwd(f"user02@{OTHER}") is None
        directory.configure()
        directory.eventually(lambda: directory.passwd(f"user02@{OTHER}") == before, what="the ids of before")

    def test_a_range_with_subordinate_ids_in_it_changes_nothing(self, directory):
        begin = len(directory.log())
        directory.configure(other="idmap_range = 2099999999-2100000001")
        directory.eventually(lambda: "overlaps subid_range" in directory.log()[begin:], what="the reason")
        assert directory.passwd("user02")[2] == "773235643"


class TestCollisions:
    def test_users_with_the_same_uid_are_refused_until_an_administrator_decides(self, directory):
        directory.ids("id_attr_map = rfc2307")
        for local in ("twin1", "twin2"):
            directory.add(local, "--uid", "7500")
        directory.await_name("twin1")
        directory.eventually(lambda: directory.sign_in("twin1")[0], what="the first sign-in")
        directory.await_name("twin2")
        assert not directory.sign_in("twin2")[0]
        directory.out("aad-tool", "cache-clear")
        assert not any(directory.sign_ins("twin1", "twin2").values()), "the first has no better right, even after this"
        assert directory.out("id", "-un", "7500") == "twin1", "files keep their owner's name"
        for said in (directory.troubles(), directory.admin("idmap", "check").stdout):
            assert f"twin1@{DOMAIN}" in said and f"twin2@{DOMAIN}" in said and "7500" in said
        assert directory.admin("idmap", "check").returncode == 1
        directory.out("aad-tool", "idmap", "user-add", "-D", f"Twin2@{DOMAIN}", "-u", "7501", "-g", "7501")
        assert all(directory.sign_ins("twin1", "twin2").values())
        assert directory.passwd("twin2")[2] == "7501"
        assert "7500" not in directory.troubles()
        for local in ("twin1", "twin2"):
            directory.tenant("user", "del", f"{local}@{DOMAIN}")

    def test_of_two_groups_with_one_gid_neither_gives_it(self, directory):
        directory.ids("id_attr_map = rfc2307")
        ids = [f"0b0b0b0b-0000-4000-8000-00000000000{i}" for i in (1, 2)]
        for i in (1, 2):
            upn = directory.add(f"member{i}", "--uid", f"751{i}")
            directory.tenant("group", "add", f"clash{i}", "--id", ids[i - 1], "--gid", "7600", "--member", upn)
        directory.eventually(lambda: directory.sign_in("member1")[0], what="a sign-in")
        assert "7600" in directory.out("id", "-G", "member1").split()
        assert directory.sign_in("member2")[0], "a group keeps nobody out"
        assert "7600" not in directory.out("id", "-G", "member2").split()
        assert "7600" not in directory.out("id", "-G", "member1").split()
        assert ids[0] in directory.troubles() and ids[1] in directory.troubles()
        directory.out("aad-tool", "idmap", "group-add", "-D", ids[1], "-g", "7601")
        assert directory.sign_in("member2")[0]
        assert "7601" in directory.out("id", "-G", "member2").split()
        assert "7600" in directory.out("id", "-G", "member1").split()


class TestFixedIds:
    def test_are_at_once_and_gone_at_once(self, directory):
        directory.add("fixed")
        before = directory.signed_in("fixed")
        directory.out("aad-tool", "idmap", "user-add", "--name", f"FIXED@{DOMAIN}", "--uid", "7700", "--gid", "7701")
        assert directory.passwd("fixed")[2:4] == ["7700", "7701"]
        assert directory.out("id", "-un", "7700") == "fixed"
        assert directory.passwd(before[2]) is None
        directory.out("aad-tool", "idmap", "clear")
        assert directory.passwd("fixed") == before

    @pytest.mark.parametrize("uid", ["0", "61184", "65519", "65534", "4294967295", "99999999999", "x", ""])
    def test_reserved_ids_are_refused_and_nothing_changes(self, directory, uid):
        before = directory.passwd("user02")
        done = directory.admin("idmap", "user-add", "-D", f"user02@{DOMAIN}", "-u", uid, "-g", "7700")
        assert done.returncode in (1, 2) and done.stderr
        assert directory.passwd("user02") == before
