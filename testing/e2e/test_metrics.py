"""aad-tool metrics: sign-ins and lookups, good and bad, then the numbers are what they should be; the text in the real parsers."""

import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from conftest import here
from running_lab import LAB, PIN, ROOT, RunningLab

sys.path.insert(0, str(ROOT / "testing/docs"))
import metrics as documented  # noqa: E402

PAGE = (ROOT / documented.PAGE).read_text(encoding="utf-8")
LINE = re.compile(r'(\w+)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")
TIMER = "/usr/share/doc/himmelblau/monitoring/himmelblau-metrics"
FOLDER = "/var/lib/prometheus/node-exporter"


@pytest.fixture(scope="module")
def host(conf):
    lab = RunningLab(here("e2e-metrics"), conf())
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up().await_name("user02")
    yield lab
    lab.down()


@pytest.fixture(scope="module")
def user(host):
    return host.new_user().enrol()


def text(host, *words):
    done = host.run("aad-tool", "metrics", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def samples(host):
    """{(name, labels): value}"""
    found = {}
    for line in text(host).splitlines():
        if not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            found[name, frozenset(LABEL.findall(labels or ""))] = float(value)
    return found


def value(numbers, name, **labels):
    return numbers.get((name, frozenset(labels.items())), 0)


def risen(before, after, name, **labels):
    return value(after, name, **labels) - value(before, name, **labels)


def await_rise(host, before, name, by, **labels):
    end = time.monotonic() + 15
    while risen(before, after := samples(host), name, **labels) < by and time.monotonic() < end:
        time.sleep(0.3)
    assert risen(before, after, name, **labels) == by, after
    return after


def test_a_sign_in_with_a_pin_and_a_wrong_one(host, user):
    before = samples(host)
    with user.ssh(timeout=30) as session:
        session.pin("000000")
        session.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        session.shell()
        session.leave()
    labels = {"method": "pin", "outcome": "success"}
    after = await_rise(host, before, "himmelblau_sign_ins_total", 1, **labels)
    assert risen(before, after, "himmelblau_sign_in_seconds_count", **labels) == 1
    assert risen(before, after, "himmelblau_key_store_seconds_count", operation="load", outcome="wrong_pin") == 1
    assert risen(before, after, "himmelblau_key_store_seconds_count", operation="load", outcome="success") >= 1
    assert risen(before, after, "himmelblau_key_derivation_seconds_count") >= 2
    assert risen(before, after, "himmelblau_directory_requests_total", outcome="success") >= 1
    task = [key for key in after if key[0] == "himmelblau_root_task_seconds_count" and ("status", "done") in key[1]]
    assert task and sum(after[key] - before.get(key, 0) for key in task) >= 1


def test_what_users_take_to_answer_does_not_count(host, user):
    labels = {"method": "pin", "outcome": "success"}
    before = samples(host)
    with user.ssh(timeout=40) as session:
        session.see(session.ASK_PIN)
        time.sleep(6)
        session.say(PIN)
        session.shell()
        session.leave()
    after = await_rise(host, before, "himmelblau_sign_ins_total", 1, **labels)
    assert 0 < risen(before, after, "himmelblau_sign_in_seconds_sum", **labels) < 6


def test_a_wrong_password(host):
    other = host.new_user()
    before = samples(host)
    host.run("pamtester", "sshd", other.name, "authenticate", text="not the password\n" * 3)
    after = await_rise(host, before, "himmelblau_sign_ins_total", 1, method="password", outcome="denied")
    assert risen(before, after, "himmelblau_sign_ins_total", method="password", outcome="success") == 0


def test_an_outage(host, user):
    before = samples(host)
    with host.offline(), user.ssh(timeout=40) as session:
        session.pin(PIN)
        session.shell()
        session.leave()
    after = samples(host)
    assert risen(before, after, "himmelblau_directory_requests_total", outcome="unreachable") >= 1
    assert value(after, "himmelblau_sign_in_available") == 1


def test_lookups(host):
    before = samples(host)
    host.run("getent", "passwd", "nobody-has-this-name")
    after = samples(host)
    asked = sum(risen(before, after, "himmelblau_lookups_total", source="directory", result=result) for result in ("not_found", "try_again"))
    assert asked >= 1
    host.out("getent", "passwd", "user02")
    assert risen(after, samples(host), "himmelblau_lookups_total", source="directory", result="found") == 0, "the map answers"


def test_a_bundle_that_is_stopped(host):
    bundle = "himmelblau.mfa.voice"
    assert value(samples(host), "himmelblau_bundle_active", bundle=bundle) == 1
    host.out("aad-tool", "shell", "stop", bundle)
    assert value(samples(host), "himmelblau_bundle_active", bundle=bundle) == 0
    host.out("aad-tool", "shell", "start", bundle)
    assert value(samples(host), "himmelblau_bundle_active", bundle=bundle) == 1


def test_a_bundle_takes_its_numbers_with_it(host):
    assert ("himmelblau_lookups_total" in text(host)) and ("himmelblau_sign_ins_total" in text(host))
    host.out("aad-tool", "shell", "stop", "himmelblau.http")
    try:
        assert "himmelblau_directory_requests_total" not in text(host)
    finally:
        host.out("aad-tool", "shell", "start", "himmelblau.http")
    host.await_daemon()
    assert "himmelblau_directory_requests_total" in text(host)


def test_the_page_lists_what_is_printed(host, user):
    """Runs after the others have made each metric occur."""
    listed = documented.samples(documented.listed(PAGE))
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text(host), re.MULTILINE))
    assert types == {name: kind for name, (kind, _) in documented.listed(PAGE).items()}
    for name, labels in samples(host):
        assert {label for label, _ in labels} == listed[name], name


def test_no_label_names_anybody(host, user):
    printed = text(host)
    for word in (user.upn, user.name, "user02", "@", "0pndv"):
        assert not any(word in found for found in re.findall(r'"((?:[^"\\]|\\.)*)"', printed)), word
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", printed)


def test_root_only_and_not_in_the_log(host):
    host.local("mallory")
    done = host.run(*host.as_user("mallory", "aad-tool", "metrics"))
    assert (done.returncode, done.stdout) == (1, "") and "root" in done.stderr
    text(host)
    assert "command=metrics uid=0" not in host.log()


def test_the_text_in_the_real_parsers(host, user):
    printed = text(host)
    assert printed.endswith("\n# EOF\n") and printed.count("# EOF") == 1
    parser = pytest.importorskip("prometheus_client.openmetrics.parser", reason="testing/install-deps monitoring")
    families = {family.name: family for family in parser.text_string_to_metric_families(printed)}
    assert families["himmelblau_sign_ins"].type == "counter" and families["himmelblau_sign_in_seconds"].unit == "seconds"
    if not PROMTOOL:
        pytest.skip("promtool is not installed: testing/install-deps monitoring")
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=text(host, "--prometheus"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_timer_of_the_examples(host):
    if host.run("test", "-e", f"{TIMER}.timer").returncode != 0:
        for name in ("service", "timer"):  # a host whose packages leave documents out
            host.write(f"{TIMER}.{name}", (ROOT / f"distro/monitoring/himmelblau-metrics.{name}").read_text(encoding="utf-8"))
    host.out("sh", "-c", f"mkdir -p {FOLDER}; cp {TIMER}.* /etc/systemd/system/; systemctl daemon-reload")
    done = host.run("systemctl", "start", "himmelblau-metrics.service")
    assert done.returncode == 0, host.run("journalctl", "-u", "himmelblau-metrics").stdout
    file = host.out("cat", f"{FOLDER}/himmelblau.prom")
    assert "# TYPE himmelblau_sign_ins_total counter" in file and "# EOF" not in file
    assert host.out("ls", "-A", FOLDER) == "himmelblau.prom"
    assert host.out("stat", "-c", "%a", f"{FOLDER}/himmelblau.prom") == "644"
    host.out("systemd-analyze", "verify", "--man=no", "/etc/systemd/system/himmelblau-metrics.timer")
    with host.stopped():
        assert host.run("systemctl", "start", "himmelblau-metrics.service").returncode != 0
        assert host.out("cat", f"{FOLDER}/himmelblau.prom") == file, "the old one stays, and grows old"
