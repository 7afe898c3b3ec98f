"""How long answers are good for: nobody waits for a refresh, and what is gone is gone soon."""

import time

import pytest

from running_lab import DOMAIN

GROUP = "0d0d0d0d-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def anew(directory):
    yield
    directory.tenant("fault", "clear")
    directory.fresh()


def asked(directory, upn):
    return [r for r in directory.requests() if upn.lower() in str(r).lower()]


def test_a_membership_comes_and_goes_with_the_sign_in(directory):
    upn = directory.add("mover")
    directory.tenant("group", "add", "moving", "--id", GROUP, "--member", upn)
    directory.signed_in("mover")
    gids = set(directory.out("id", "-G", "mover").split())
    assert len(gids) == 2
    directory.tenant("group", "del", GROUP)
    assert directory.sign_in("mover")[0]
    assert len(directory.out("id", "-G", "mover").split()) == 1
    assert "mover" not in directory.out("getent", "group", *(gids - {directory.passwd("mover")[2]})).split(":")[3].split(",")


def test_a_deleted_user_is_gone_after_cache_timeout(directory):
    directory.configure("cache_timeout = 2")
    upn = directory.add("leaver")
    directory.signed_in("leaver")
    directory.tenant("user", "del", upn)
    directory.eventually(lambda: directory.passwd("leaver") is None, what="the end of somebody deleted")


def test_a_slow_directory_holds_no_lookup(directory):
    directory.await_name("user02")
    directory.configure("cache_timeout = 1")
    directory.tenant("fault", "add", "--path", "*", "--delay", "5")
    time.sleep(2)
    for name in ("user02", f"USER02@{DOMAIN}", "773235643", "not-seen-yet"):
        done, seconds = directory.timed("getent", "passwd", name)
        assert seconds < 0.6, name
        assert (done.returncode == 0) == (name != "not-seen-yet")
    _, seconds = directory.timed("id", "user02")
    assert seconds < 0.6


def test_offline_the_known_stay_and_failures_are_not_hammered(directory):
    directory.await_name("user02")
    directory.configure("cache_timeout = 1")
    with directory.offline():
        time.sleep(1.5)
        for i in range(20):
            assert directory.passwd("user02")
            directory.passwd(f"unknown-{i}")
    text = directory.log()
    tried = [line for line in text.splitlines() if "directory.unavailable" in line]
    assert len(tried) < 20, "a failure is followed by a pause"


def test_throttling_is_followed(directory):
    directory.tenant("requests", "--clear")
    directory.tenant("fault", "add", "--path", "*GetCredentialType*", "--status", "429", "--retry-after", "30")
    for i in range(12):
        directory.run("getent", "passwd", f"throttled-{i}")
    assert len([r for r in directory.requests() if "GetCredentialType" in str(r)]) < 12
    assert directory.passwd("user02")


def test_a_missing_name_is_asked_once(directory):
    directory.tenant("requests", "--clear")
    for _ in range(5):
        assert directory.run("getent", "passwd", "nobody-at-all").returncode == 2
    assert len(asked(directory, f"nobody-at-all@{DOMAIN}")) <= 1
    directory.add("nobody-at-all")
    directory.out("aad-tool", "cache-clear")
    directory.await_name("nobody-at-all")
