"""Numbers and traces at an OpenTelemetry collector: what arrives there, and what happens when it is away."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from conftest import here
from running_lab import LAB, PIN, RunningLab

RECEIVED = "/root/received.jsonl"
DROP_IN = "/etc/himmelblau/himmelblau.conf.d/50-otlp.conf"
START = f"systemd-run --quiet --unit=collector python3 /root/otlp_collector.py 4318 /root/collector.pem /root/collector.key {RECEIVED}"
TRUSTED = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=collector.example -addext subjectAltName=DNS:collector.example -keyout /root/collector.key -out /root/collector.pem 2>/dev/null
cp /root/collector.pem /usr/local/share/ca-certificates/collector.crt
update-ca-certificates >/dev/null 2>&1
echo 127.0.0.1 collector.example >>/etc/hosts
"""


@pytest.fixture(scope="module")
def host(conf):
    lab = RunningLab(here("e2e-otlp"), conf())
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up().await_name("user02")
    lab.put(Path(__file__).parent / "otlp_collector.py")
    lab.out("sh", "-ec", TRUSTED + START)
    lab.restart()  # for the authority of the collector
    lab.await_daemon()
    yield lab
    lab.down()


@pytest.fixture(scope="module")
def user(host):
    return host.new_user().enrol()


def set_endpoint(host, address):
    host.write(DROP_IN, f"[global]\notlp_endpoint = {address}\notlp_interval = 1\n")


def received(host, path):
    lines = host.run("cat", RECEIVED).stdout.splitlines()
    return [line["body"] for line in map(json.loads, lines) if line["path"] == path]


def attributes(element):
    return {pair["key"]: pair["value"]["stringValue"] for pair in element["attributes"]}


def spans(host):
    return [span for body in received(host, "/v1/traces") for one in body["resourceSpans"] for scope in one["scopeSpans"] for span in scope["spans"]]


def await_that(what, found, seconds=20):
    """Returns what `found` returns as soon as that is anything."""
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, what
        time.sleep(0.3)
    return result


def sign_in(user):
    with user.ssh(timeout=30) as session:
        session.pin(PIN)
        session.shell()
        session.leave()


def roots(host, **wanted):
    return [span for span in spans(host) if "parentSpanId" not in span and wanted.items() <= attributes(span).items()]


def points(host, name):
    """Of the last time that numbers came."""
    bodies = received(host, "/v1/metrics")
    metrics = [metric for one in bodies[-1]["resourceMetrics"] for scope in one["scopeMetrics"] for metric in scope["metrics"]] if bodies else []
    return [point for metric in metrics if metric["name"] == name for point in metric["sum"]["dataPoints"]]


def test_without_the_option_nothing_is_sent(host, user):
    sign_in(user)
    time.sleep(2)
    assert received(host, "/v1/metrics") + received(host, "/v1/traces") == []


def test_numbers_and_a_trace_reach_the_collector(host, user):
    set_endpoint(host, "https://collector.example:4318")
    await_that("no numbers came", lambda: received(host, "/v1/metrics"))
    sign_in(user)
    root = await_that("no trace came", lambda: roots(host, method="pin", outcome="success"))[-1]
    parts = {span["name"]: span for span in spans(host) if span.get("parentSpanId") == root["spanId"]}
    assert {"key_store", "key_derivation", "directory_request"} <= parts.keys()
    for part in parts.values():
        assert part["traceId"] == root["traceId"]
        # Times are taken in two places, one after the other.
        assert int(part["startTimeUnixNano"]) >= int(root["startTimeUnixNano"]) - 50_000_000
        assert int(part["endTimeUnixNano"]) <= int(root["endTimeUnixNano"]) + 50_000_000
    conversation = attributes(root)["himmelblau.conversation"]
    assert f"conversation={conversation}" in next(line for line in host.log().splitlines() if "login.ok" in line and conversation in line)
    wanted = {"method": "pin", "outcome": "success"}
    assert await_that("the sign-in is not counted", lambda: [p for p in points(host, "himmelblau_sign_ins") if attributes(p) == wanted and p["asDouble"] >= 2])


def test_nobody_is_named(host, user):
    sent = host.out("cat", RECEIVED)
    assert "himmelblaud" in sent
    for name in (user.name, user.upn, user.upn.split("@")[0]):
        assert name not in sent


def test_a_collector_that_is_away_disturbs_nobody_and_gets_the_trace_later(host, user):
    host.out("systemctl", "stop", "collector")
    await_that("nothing in the log", lambda: "otlp.not_sent" in host.log())
    before = len(roots(host, method="pin", outcome="success"))
    numbers = host.out("aad-tool", "metrics")
    sign_in(user)
    time.sleep(4)
    assert host.log().count("otlp.not_sent") == 1
    assert _unreachable(host.out("aad-tool", "metrics")) == _unreachable(numbers), "the collector is not the directory"
    host.out("sh", "-ec", START)
    await_that("the trace is lost", lambda: len(roots(host, method="pin", outcome="success")) == before + 1)
    await_that("its end is not logged", lambda: "otlp.sent_again" in host.log())


def _unreachable(numbers):
    return [line for line in numbers.splitlines() if line.startswith("himmelblau_directory_requests_total") and "unreachable" in line]


def test_an_address_that_cannot_be_used_is_reported_with_its_line(host):
    set_endpoint(host, "http://collector.example:4318")
    status = await_that("status says nothing", lambda: "otlp_endpoint" in (said := host.run("aad-tool", "status")).stdout + said.stderr and said.stdout + said.stderr)
    assert f"{DROP_IN}:2" in status and "nothing is sent" in status
    host.out("rm", DROP_IN)
    await_that("status still says it", lambda: "otlp_endpoint" not in (said := host.run("aad-tool", "status")).stdout + said.stderr)
