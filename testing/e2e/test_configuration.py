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


def test_show_names_the_line_of_each_value(own):
    shown = own.out("aad-tool", "config", "show")
    assert shown == own.out("aad-tool", "config")
    assert f"domain = {DOMAIN}    # {CONF}:2" in shown.splitlines()


@pytest.mark.parametrize("place", ["/tmp", "/root"])
def test_a_file_is_checked_before_it_is_in_its_place(own, place):
    """The daemon sees neither of these folders: aad-tool sends what is in the file."""
    file = f"{place}/new.conf"
    own.write(file, f"[global]\ndomain = {DOMAIN}\nfido_timeout = soon\nhello_pin_min_lenght = 8\n")
    before = own.out("aad-tool", "config")
    done = own.run("aad-tool", "config", "check", file)
    assert done.returncode == 1, done
    lines = done.stdout.splitlines()
    assert f"read: {file}" == lines[0]
    assert any(line.startswith(f"error: {file}:3: fido_timeout") for line in lines), "declared by a bundle, not by the core"
    assert any(line.startswith(f"warning: {file}:4: unknown option hello_pin_min_lenght") for line in lines)
    assert lines[-1] == f"{file}: 1 error, 1 warning"
    own.write(file, f"[global]\ndomain = {DOMAIN}\nfido_timeout = 30\n")
    assert own.out("sh", "-c", f"cd {place} && aad-tool config check new.conf").splitlines()[-1] == "new.conf: no errors, no warnings"
    assert own.out("sh", "-c", f"aad-tool config check - < {file}").splitlines()[-1] == "standard input: no errors, no warnings"
    assert own.out("aad-tool", "config") == before, "nothing is in effect"
    own.out("rm", file)


def test_a_checked_file_is_read_with_the_drop_ins_of_the_host(own):
    dropin = f"{CONF}.d/50-broken.conf"
    own.write("/root/new.conf", f"[global]\ndomain = {DOMAIN}\n")
    own.write(dropin, "[global\n")
    try:
        done = own.run("aad-tool", "config", "check", "/root/new.conf")
        assert done.returncode == 1 and f"error: {dropin}:1: " in done.stdout, done
    finally:
        own.out("rm", dropin)
    assert own.run("aad-tool", "config", "check", "/root/new.conf").returncode == 0


def test_a_pipe_is_not_waited_for(own):
    own.out("mkfifo", "/root/pipe")
    done = own.run("aad-tool", "config", "check", "/root/pipe", timeout=10)
    assert (done.returncode, done.stderr) == (1, "aad-tool: /root/pipe is not a regular file\n")


def test_reload_says_what_changed(own):
    for prompt in ("Say one.", "Say two.", "Say three."):  # a reading by itself may come first
        own.write("/root/new.conf", f"[global]\ndomain = {DOMAIN}\nhello_pin_prompt = {prompt}\n")
        said = own.out("sh", "-c", f"cp /root/new.conf {CONF} && aad-tool config reload")
        if said != "No value has changed.":
            break
    assert f"-> {prompt}    # {CONF}:3" in said and said.startswith("[global] hello_pin_prompt: "), said
    assert own.out("aad-tool", "config", "reload") == "No value has changed."


def test_reload_says_why_the_old_values_stay(own):
    own.write(CONF, "[global\n")
    done = own.run("aad-tool", "config", "reload")
    assert done.returncode == 1
    assert f"{CONF}:1: " in done.stderr and "What was in effect before stays in effect." in done.stderr
    with own.ssh("user02") as session:
        session.pin(PIN)
        session.shell()


def test_ranges_that_overlap_are_refused_before_they_are_in_effect(own):
    issuer = "[corp.example]\noidc_issuer_url = https://id.corp.example/\napp_id = hosts\n"
    good = f"[global]\ndomain = {DOMAIN}, corp.example\n{issuer}idmap_range = 2000300000-2000399999\n"
    bad = good.replace("2000300000", "2000200000")
    why = f":6: idmap_range = 2000200000-2000399999 of [corp.example] overlaps 200000-2000200000 of [{DOMAIN}]: users of both would have the same ids. "
    why += "Give [corp.example] an idmap_range of its own."
    own.write("/root/new.conf", bad)
    done = own.run("aad-tool", "config", "check", "/root/new.conf")
    assert done.returncode == 1 and f"error: /root/new.conf{why}" in done.stdout.splitlines(), done
    before = own.out("aad-tool", "config")
    own.write(CONF, bad)
    done = own.run("himmelblaud", "--configtest")
    assert done.returncode != 0 and f"the configuration is not valid. {CONF}{why}" in done.stdout + done.stderr, done
    done = own.run("aad-tool", "config", "reload")
    assert done.returncode == 1 and f"The changed configuration is not used: {CONF}{why}" in done.stderr, done
    own.write(CONF, good)
    own.out("aad-tool", "config", "reload")
    assert own.out("aad-tool", "config") != before
    own.write(CONF, bad)
    own.restart()
    assert CONF + why in own.run("aad-tool", "status").stderr, "a start takes it, for the users of the first domain"
    with own.ssh("user02") as session:
        session.pin(PIN)
        session.shell()
    own.write(CONF, bad + "shell = /bin/sh\n")
    own.out("aad-tool", "config", "reload")
    assert "shell = /bin/sh" in own.out("aad-tool", "config"), "then it keeps no other change away"


def test_the_manual_knows_every_option(own):
    page = (ROOT / "distro/man/himmelblau.conf.5").read_text(encoding="ascii")
    printed = own.run("himmelblaud", "--configtest")
    names = re.findall(r"^([a-z0-9_]+) = ", printed.stdout + printed.stderr, re.MULTILINE)
    computed = {"domains"}
    assert names and {name for name in names if f".B {name}\n" not in page} <= computed
