"""himmelblau.conf with mistakes in it: said clearly, nothing lost."""

import re
import subprocess
import time

import pytest

from conftest import here
from running_lab import DOMAIN, LAB, PASSWORD, PIN, ROOT, User, RunningLab

CONF = "/etc/himmelblau/himmelblau.conf"


@pytest.fixture(scope="module")
def own(conf):
    running_lab = RunningLab(here("e2e-conf"), conf())
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    try:
        running_lab.up()
        running_lab.await_name("user02")
        User(running_lab, "user02", f"user02@{DOMAIN}", PASSWORD).enrol()
        yield running_lab
    finally:
        subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)


@pytest.fixture(autouse=True)
def restore(own):
    yield
    own.write(CONF, f"[global]\ndomain = {DOMAIN}\n")
    own.restart()
    with own.ssh("user02") as session:
        session.pin(PIN)
        session.shell()


def test_an_unknown_option_is_named_with_its_nearest_neighbour(own):
    own.write(CONF, f"[global]\ndomain = {DOMAIN}\nhello_pin_min_lenght = 8\n")
    begin = len(own.log())
    own.restart()
    text = own.log()[begin:]
    assert "hello_pin_min_lenght" in text and "hello_pin_min_length" in text


@pytest.mark.parametrize(
    "line", ["enable_hello = maybe", "cache_timeout = -5", "idmap_range = 5-", "hsm_type = abacus", "hello_pin_retry_count = many"]
)
def test_a_bad_value_is_named_and_the_default_used(own, line):
    own.write(CONF, f"[global]\ndomain = {DOMAIN}\n{line}\n")
    begin = len(own.log())
    own.restart()
    text = own.log()[begin:]
    assert line.split()[0] in text
    with own.ssh("user02") as session:
        session.pin(PIN)
        session.shell()


@pytest.mark.parametrize("text", ["[global\ndomain = x\n", "[global]\n= x\n", "[global]\ndomain = \xff\xfe\n"])
def test_a_syntax_error_is_fatal_and_says_where(own, text):
    own.run("sh", "-c", f"printf '{text}' > {CONF}")
    done = own.lab("restart", "daemon", check=False)
    assert done.returncode == 1
    assert "himmelblau.conf" in done.stderr


def test_a_running_daemon_keeps_the_last_good_configuration(own):
    begin = len(own.log())
    own.write(CONF, "[global\n")
    end = time.monotonic() + 10
    while "himmelblau.conf" not in own.log()[begin:] and time.monotonic() < end:
        time.sleep(0.2)
    assert "himmelblau.conf" in own.log()[begin:]
    with own.ssh("user02") as session:
        session.pin(PIN)
        session.shell()


def test_a_change_is_live(own):
    own.write(CONF, f"[global]\ndomain = {DOMAIN}\nhello_pin_prompt = Say the magic number.\n")
    end = time.monotonic() + 10
    seen = False
    while not seen and time.monotonic() < end:
        with own.ssh("user02") as session:
            seen = "Say the magic number." in session.terminal.until("PIN: ")
    assert seen


def test_no_domain(own):
    own.write(CONF, "[global]\nenable_hello = true\n")
    done = own.lab("restart", "daemon", check=False)
    assert done.returncode == 1 and "Set domain" in done.stderr
    assert own.run("pamtester", "login", "user02", "authenticate", text="x\n").returncode != 0


def test_configtest_prints_what_is_in_effect(own):
    done = own.run("himmelblaud", "--configtest")
    assert done.returncode == 0
    text = done.stdout + done.stderr
    assert f"domain = {DOMAIN}" in text or DOMAIN in text
    assert "hello_pin_min_length" in text


def test_the_manual_knows_every_option(own):
    page = (ROOT / "distro/man/himmelblau.conf.5").read_text(encoding="ascii")
    printed = own.run("himmelblaud", "--configtest")
    names = re.findall(r"^([a-z0-9_]+) = ", printed.stdout + printed.stderr, re.MULTILINE)
    computed = {"domains"}
    assert names and {name for name in names if f".B {name}\n" not in page} <= computed
