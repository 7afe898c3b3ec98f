"""nscd in front of the look-ups, as many a host has it."""

import pytest

from real_host import LOCAL, UNKNOWN, people, sign_in, state, wait_for, works_at_once  # noqa: F401


@pytest.fixture(scope="module", autouse=True)
def nscd(lab):
    lab.out("systemctl", "start", "nscd")
    yield
    lab.out("systemctl", "stop", "nscd")


def test_it_is_asked(lab, people):
    lab.out("nscd", "--invalidate=passwd")
    lab.out("getent", "passwd", LOCAL)
    before = lab.out("nscd", "--statistics")
    lab.out("getent", "passwd", LOCAL)
    assert before != lab.out("nscd", "--statistics")


def test_look_ups(lab, state, enrolled):
    for name in (LOCAL, enrolled.name):
        uid = works_at_once(lab, "id", "-u", name)
        assert works_at_once(lab, "getent", "passwd", uid).startswith(f"{name}:")
        assert works_at_once(lab, "id", "-un", uid) == name
    done, seconds = lab.timed("getent", "passwd", UNKNOWN)
    assert done.returncode == 2 and seconds < 4


def test_a_sign_in(lab, enrolled):
    with sign_in(enrolled) as door:
        assert door.ask("id -un") == enrolled.name
        door.leave()


def test_somebody_new_is_found_later(lab):
    """nscd keeps a no for as long as its configuration says; a real one is asked again after that."""
    lab.run("getent", "passwd", "came-later")
    lab.person(local="came-later-2").enrol()
    lab.out("nscd", "--invalidate=passwd")
    wait_for(lambda: lab.run("getent", "passwd", "came-later-2").returncode == 0, 10, "still not found")
