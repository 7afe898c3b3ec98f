"""Networks that do not lead to the directory, each in its own way: for the host all are an outage, and it notices soon.

What the directory itself answers, be it status 500, is none.
"""

import contextlib
import subprocess
import time

import pytest

from running_lab import LAB, PIN
from test_breakglass import await_end, breakglass_lab, command, dialogue, is_refused_without_a_question, opens, sign_in_online, state

HOSTS, KEPT = "/etc/hosts", "/root/hosts"
CERTIFICATE, KEY = "/root/portal.pem", "/root/portal.key"
# What a network that does not even refuse a connection may cost a user with a PIN more than one that does.
MORE = 10
# The directory is asked every 15 s while breakglass is active.
ASKED = 20


@pytest.fixture(scope="module")
def host(conf):
    with breakglass_lab("e2e-networks", conf) as lab:
        lab.out("cp", HOSTS, KEPT)
        lab.out(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=login.microsoftonline.com",
            "-addext", "subjectAltName=DNS:login.microsoftonline.com", "-out", CERTIFICATE, "-keyout", KEY,
        )
        yield lab


@pytest.fixture(scope="module")
def with_pin(host):
    return host.new_user().enrol()


@pytest.fixture(scope="module")
def with_password(host, with_pin):
    """A user with two factors and no PIN, whose password is cached."""
    user = host.new_user()
    sign_in_online(host, user)
    return user


@pytest.fixture(scope="module")
def refused_at_once(host, with_pin):
    with host.offline():
        return seconds_of_a_pin(with_pin)


def seconds_of_a_pin(user):
    begin = time.monotonic()
    with user.ssh(timeout=60) as session:
        session.pin(PIN)
        session.shell()
        seconds = time.monotonic() - begin
        session.leave()
    return seconds


@contextlib.contextmanager
def false_network(lab, kind, address="127.0.0.1"):
    """Something of that kind listens where the directory was (false_network.py)."""
    script = lab.put(__file__.replace("test_networks", "false_network"))
    process = subprocess.Popen([LAB, "exec", "--name", lab.name, "--", script, kind, address, CERTIFICATE, KEY], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        yield
    finally:
        lab.run("pkill", "-f", "false_network.py")
        process.wait(10)


@contextlib.contextmanager
def names_lead_to(lab, *addresses):
    """The directory's names; to none, if no address is given."""
    names = [line.split()[1] for line in lab.out("cat", KEPT).splitlines() if line.startswith("127.0.0.1 ") and "." in line.split()[1]]
    others = [line for line in lab.out("cat", KEPT).splitlines() if line.split()[1] not in names]
    lab.write(HOSTS, "\n".join([*others, *(f"{address} {name}" for name in names for address in addresses), ""]))
    try:
        yield
    finally:
        lab.out("cp", KEPT, HOSTS)


NETWORKS = {
    "a name that leads nowhere": lambda lab: names_lead_to(lab),
    "a name server that lies": lambda lab: names_lead_to(lab, "192.0.2.1"),
    "IPv6 without a route": lambda lab: names_lead_to(lab, "2001:db8::1"),
    "a firewall that drops": lambda lab: false_network(lab, "silent"),
    "a connection that says nothing": lambda lab: false_network(lab, "half-open"),
    "a portal without TLS": lambda lab: false_network(lab, "plain"),
    "a certificate of somebody else": lambda lab: false_network(lab, "tls"),
}


@pytest.mark.parametrize("network", NETWORKS)
def test_it_is_an_outage(host, with_pin, with_password, refused_at_once, network):
    with host.offline(), NETWORKS[network](host):
        seconds = seconds_of_a_pin(with_pin)
        assert seconds < refused_at_once + MORE, f"{seconds} s, and {refused_at_once} s where connections are refused"
        is_refused_without_a_question(host, with_password)
        command(host)
        time.sleep(ASKED)
        assert "Breakglass is active" in state(host), "nothing there is the directory"
        assert opens(host, with_password)
    await_end(host)
    host.await_name(host.new_user().name)


def test_an_address_without_a_route_beside_one_that_works_is_none(host):
    with names_lead_to(host, "2001:db8::1", "127.0.0.1"):
        host.new_user().enrol()


def test_a_directory_that_answers_with_errors_is_none(host, with_password):
    command(host)
    host.tenant("fault", "add", "--path", "*", "--status", "500")
    try:
        with dialogue(host, with_password) as session:
            assert session.terminal.end() != 0
            said = session.terminal.transcript()
            assert "temporarily unavailable" in said and "assword: " not in said, said
    finally:
        host.tenant("fault", "clear")
        command(host, "--ttl", "0")
