"""nscd in front of the lookups, as many a host has it."""

import re

import pytest

from real_host import LOCAL, UNKNOWN, users, sign_in, state, wait_for, while_running, works_at_once  # noqa: F401
from running_lab import DOMAIN, PASSWORD


@pytest.fixture(scope="module", autouse=True)
def nscd(lab):
    lab.out("systemctl", "start", "nscd")
    yield
    lab.out("systemctl", "stop", "nscd")


def misses(lab):
    """Of the cache of accounts. Hits are not counted: programs read them from its memory."""
    return int(re.search(r"passwd cache:.*?(\d+)\s+cache misses on positive", lab.out("nscd", "--statistics"), re.DOTALL)[1])


@while_running
def test_it_is_asked(lab, state):
    before = misses(lab)
    lab.out("nscd", "--invalidate=passwd")
    lab.out("getent", "passwd", LOCAL)
    assert misses(lab) > before


def test_lookups(lab, state, enrolled):
    for name in (LOCAL, enrolled.name):
        uid = works_at_once(lab, "id", "-u", name)
        assert works_at_once(lab, "getent", "passwd", uid).startswith(f"{name}:")
        assert works_at_once(lab, "id", "-un", uid) == name
    done, seconds = lab.timed("getent", "passwd", UNKNOWN)
    assert done.returncode == 2 and seconds < 4


@while_running
def test_a_sign_in(lab, state, enrolled):
    with sign_in(enrolled) as session:
        assert session.ask("id -un") == enrolled.name
        session.leave()


@while_running
def test_a_new_user_is_found_later(lab, state):
    """nscd keeps a no for as long as its configuration says; when it asks again, it is told."""
    assert lab.run("getent", "passwd", "came-later").returncode == 2
    lab.tenant("user", "add", f"came-later@{DOMAIN}", "--password", PASSWORD, "--name", "came-later")
    lab.out("aad-tool", "cache-clear")  # the daemon keeps a no as well
    assert lab.run("getent", "passwd", "came-later").returncode == 2, "nscd was not asked"

    def found():
        lab.out("nscd", "--invalidate=passwd")
        return lab.run("getent", "passwd", "came-later").returncode == 0

    wait_for(found, 20, "still not found")
