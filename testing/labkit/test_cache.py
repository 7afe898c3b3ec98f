"""What is created once: by one of several processes, completely or not at all, and kept while a process uses it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from labkit import LabError, cache

MAKER = """
import signal, sys, time
from pathlib import Path
from labkit import cache
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
def make(directory):
    directory.mkdir()
    (directory / "part").write_text("1")
    print("making", flush=True)
    time.sleep(float(sys.argv[1]))
    (directory / "whole").write_text("1")
with cache.made("things", "one", make) as thing:
    print("whole" if (thing / "whole").exists() else "broken", flush=True)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "CACHE", tmp_path)
    return tmp_path


def maker(place, seconds):
    environment = {**os.environ, "HIMMELBLAU_LAB_CACHE": str(place), "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.Popen([sys.executable, "-B", "-c", MAKER, str(seconds)], env=environment, stdout=subprocess.PIPE, text=True)


def test_several_make_one(place):
    texts = [process.communicate(timeout=60)[0] for process in [maker(place, 0.5) for _ in range(5)]]
    assert sum("making" in text for text in texts) == 1
    assert all(text.endswith("whole\n") for text in texts)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_one_that_was_not_finished_is_not_used(place, number):
    process = maker(place, 60)
    assert process.stdout.readline() == "making\n"
    process.send_signal(number)
    process.communicate(timeout=60)
    assert not (place / "things/one").exists()
    assert maker(place, 0).communicate(timeout=60)[0] == "making\nwhole\n"


def test_a_maker_that_fails_leaves_nothing(place):
    def make(directory):
        directory.mkdir()
        raise LabError("no")

    with pytest.raises(LabError), cache.made("things", "one", make):
        pass
    assert not list((place / "things").glob("*one.new")) and not (place / "things/one").exists()


def test_what_was_not_used_for_longest_goes_unless_it_is_in_use(place):
    for name in ("first", "second", "third"):
        with cache.made("things", name, Path.mkdir):
            time.sleep(0.02)
    with cache.made("things", "first", Path.mkdir):
        os.utime(place / "things/first", (0, 0))
        cache.forget_old("things", 1)
        assert sorted(path.name for path in (place / "things").glob("[!.]*")) == ["first", "third"]
    cache.forget_old("things", 1)
    assert [path.name for path in (place / "things").glob("[!.]*")] == ["third"]
