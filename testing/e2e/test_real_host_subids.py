"""The ids of a rootless container: newuidmap and newgidmap map what /etc/subuid and /etc/subgid name, for podman and for unshare(1)."""

import re

import pytest

from real_host import LOCAL, LOCAL_PASSWORD, STATES, daemon, is_refused, users, sign_in  # noqa: F401

CONTAINER = "unshare --user --map-root-user --map-auto"
NOBODYS = "2999999999"


@pytest.fixture(scope="module", params=STATES)
def sessions(lab, users, enrolled, request):
    """Shells that both have had since before."""
    with lab.ssh(LOCAL) as host, sign_in(enrolled) as session:
        host.terminal.until("Password: ")
        host.say(LOCAL_PASSWORD)
        host.shell()
        with daemon(lab, request.param):
            yield {LOCAL: host, enrolled.name: session}
        host.leave()
        session.leave()


def subordinate(lab, name, file):
    """(first, how many)"""
    first, count = lab.out("grep", f"^{name}:", file).split(":")[1:]
    return int(first), int(count)


@pytest.mark.parametrize("who", ["host", "directory"])
def test_a_container_has_the_ids_of_its_owner(lab, sessions, enrolled, who):
    name = LOCAL if who == "host" else enrolled.name
    session = sessions[name]
    uid = int(lab.out("id", "-u", name))
    (first, count), (first_gid, _) = (subordinate(lab, name, f"/etc/sub{kind}id") for kind in "ug")
    maps = session.ask(f"{CONTAINER} cat /proc/self/uid_map")
    inside = {int(line[0]): (int(line[1]), int(line[2])) for line in (re.findall(r"\d+", text) for text in maps.splitlines())}
    assert inside[0] == (uid, 1), maps
    mapped = [value for key, value in inside.items() if key != 0]
    assert mapped and all(first <= begin and begin + length <= first + count for begin, length in mapped), (maps, first, count)
    # A file of somebody inside belongs to a subordinate id outside.
    session.ask(f"rm -rf ~/container; mkdir ~/container; {CONTAINER} sh -c 'touch ~/container/file; chown 1000:1000 ~/container/file'")
    owner, group = (int(each) for each in lab.out("stat", "-c", "%u %g", f"{lab.out('getent', 'passwd', name).split(':')[5]}/container/file").split())
    assert first <= owner < first + count and first_gid <= group < first_gid + count
    session.ask(f"{CONTAINER} rm -rf ~/container")


@pytest.mark.parametrize("who", ["host", "directory"])
def test_podman_maps_the_whole_range_of_its_user(lab, sessions, enrolled, who):
    name = LOCAL if who == "host" else enrolled.name
    # A lab is an overlay already, on which the usual driver does not work.
    for kind, identity in (("uid", "-u"), ("gid", "-g")):
        first, count = subordinate(lab, name, f"/etc/sub{kind}")
        said = sessions[name].ask(f"podman --storage-driver=vfs unshare cat /proc/self/{kind}_map")
        lines = [tuple(map(int, line.split())) for line in said.splitlines() if re.fullmatch(r"[\d\s]+", line.strip())]
        assert lines == [(0, int(lab.out("id", identity, name)), 1), (1, first, count)], said


def test_the_user_nobody_has_no_range(lab, sessions):
    is_refused(lab, "setpriv", f"--reuid={NOBODYS}", f"--regid={NOBODYS}", "--clear-groups", *CONTAINER.split(), "true")
