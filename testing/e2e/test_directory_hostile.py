"""Malformed data from the tenant: refused, logged, and the host stays what it was."""

import re

import pytest

import hostile
from running_lab import DOMAIN

FILES = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow")


@pytest.fixture(scope="module")
def signed_in(directory):
    """Signs the hostile user in, in the mode in which most of it counts; the sums of the files before."""
    directory.fresh()
    directory.ids("id_attr_map = rfc2307\nrfc2307_group_fallback_map = uuid\nlocal_groups =")
    before = directory.out("sha256sum", *FILES)
    begin = len(directory.log())
    directory.eventually(lambda: directory.sign_in("hostile")[0], what="the hostile user's sign-in")
    yield before, directory.log()[begin:]
    directory.fresh()


def test_the_files_of_the_host_are_untouched(directory, signed_in):
    assert directory.out("sha256sum", *FILES) == signed_in[0]


def test_the_user_is_one_line_of_seven_fields(directory, signed_in):
    text = directory.run("getent", "passwd", "hostile").stdout
    assert text.count("\n") == 1 and text.isprintable() is False and text[:-1].isprintable()
    fields = text.rstrip("\n").split(":")
    assert len(fields) == 7
    assert fields[2] == "7900"
    assert fields[5] == "/home/hostile", "a home that climbs is not believed"
    assert fields[6] == "/bin/bash"
    assert directory.out("id", "-un", "7900") == "hostile"


@pytest.mark.parametrize("database", ["passwd", "group"])
def test_every_line_of_an_enumeration_is_well_formed(directory, signed_in, database):
    own = directory.out("cat", f"/etc/{database}").splitlines()
    fields = 7 if database == "passwd" else 4
    names = []
    for line in directory.out("getent", database).split("\n"):
        parts = line.split(":")
        assert len(parts) == fields and line.isprintable(), line
        if line not in own:
            assert int(parts[2]) >= 1000 and not 60001 <= int(parts[2]) <= 65535, line
            assert not re.search(r"[\s/,]", parts[0]) or database == "group", line
            names.append(parts[0])
    assert not {"root", "sudo", "daemon", "wheel\n", "0", "12345"} & set(names)


def test_no_group_by_a_name_that_passes_for_another(directory, signed_in):
    for name in ("root", "sudo"):
        assert "hostile" not in directory.out("getent", "group", name)
    for name in ("a:b", "wheel", "-rf", "12345", "0", "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6", "some@body", "same"):
        text = directory.run("getent", "group", "--", name).stdout
        assert "hostile" not in text or name in ("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6",), name


def test_groups_whose_names_cannot_be_shown_are_shown_by_their_ids(directory, signed_in):
    unfit = ["-rf", "+", "\u202egnp", "\u2028line", "a:b", "two\nlines", "a/b", "nul\0nul", "\x1b[2Jclear", "x" * 300, "with,comma", "", "some@body"]
    for name in unfit:
        object_id = hostile.group_id(hostile.GROUP_NAMES.index(name))
        line = directory.out("getent", "group", object_id)
        assert line.split(":")[0] == object_id and line.count(":") == 3, name


def test_two_groups_of_one_name_are_two(directory, signed_in):
    first, second = [hostile.group_id(i) for i, name in enumerate(hostile.GROUP_NAMES) if name == "same"]
    one, two = (directory.out("getent", "group", each).split(":") for each in (first, second))
    assert one[0] == two[0] == "same" and one[2] != two[2]


def test_gids_of_the_host_are_not_assigned(directory, signed_in):
    gids = {int(gid) for gid in directory.out("id", "-G", "hostile").split()}
    assert gids and all(gid >= 1000 and not 60001 <= gid <= 65535 and gid < 0xFFFFFFFF for gid in gids)
    for i, gid in enumerate(hostile.GROUP_GIDS):
        if gid in ("0", "27", "999", "61200", "65534", "4294967295"):
            assert hostile.group_id(100 + i) in directory.troubles(), gid
            assert hostile.group_id(100 + i) in signed_in[1], "the log says so"


@pytest.mark.parametrize("name", ["root", "daemon", "0", "-rf", "a:b", "a/b", "z" * 300, "two\nlines"])
def test_users_with_hostile_names_do_not_resolve(directory, signed_in, name):
    line = directory.run("getent", "passwd", "--", name).stdout
    assert line == "" or int(line.split(":")[2]) in (0, 1), "the short name is the host's or nobody's"
    upn = f"{name}@{DOMAIN}"
    if name in ("root", "daemon", "0"):
        directory.await_name(upn)
    line = directory.run("getent", "passwd", "--", upn).stdout
    if name in ("root", "daemon", "0"):
        fields = line.split(":")
        assert fields[0] == upn and int(fields[2]) >= 1000, "goes by the whole name (decision 0634)"
    else:
        assert line == "", upn


def test_the_map_is_whole(directory, signed_in):
    """The library reads the same with the daemon stopped, so nothing of it came over the socket."""
    want = directory.out("getent", "passwd", "hostile"), set(directory.out("id", "-G", "hostile").split())
    directory.lab("stop", "daemon")
    try:
        assert directory.out("getent", "passwd", "hostile") == want[0]
        assert set(directory.out("id", "-G", "hostile").split()) == want[1]
    finally:
        directory.start()
