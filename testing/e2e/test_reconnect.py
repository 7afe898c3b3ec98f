"""The network comes back, changes or is another one after a suspend, and NTP sets the clock: the next sign-in just works."""

import contextlib
import time

import pytest

from boots import right_clock, set_clock, wrong_clock
from running_lab import PIN
from test_breakglass import breakglass_lab, command, dialogue, events, is_refused_without_a_question, opens, sign_in_online, state
from test_explain import explain, is_documented
from test_networks import HOSTS, KEPT, false_network, names_lead_to

RELAY = "127.0.0.9"
HOURS, DAYS = 8 * 3600, 2 * 86400
# What used to be said when something that was kept did not lead to the directory any more.
UNREACHED = ("login.unavailable", "login.downgrade")


@pytest.fixture(scope="module")
def host(conf, tmp_path_factory):
    with breakglass_lab("e2e-reconnect", conf) as lab:
        lab.out("cp", HOSTS, KEPT)
        wrong_clock(lab, tmp_path_factory.mktemp("clock"), 0)
        lab.lab("reboot")
        lab.await_daemon(60)
        lab.await_name("user02")
        yield lab
        right_clock(lab)


@pytest.fixture(autouse=True)
def as_before(host):
    yield
    host.out("cp", KEPT, HOSTS)
    set_clock(host, 0)
    host.tenant("start", check=False)
    command(host, "--ttl", "0")


@pytest.fixture(scope="module")
def with_pin(host):
    return host.new_user().enrol()


@pytest.fixture(scope="module")
def with_password(host, with_pin):
    """A user with two factors and no PIN, whose password is cached."""
    user = host.new_user()
    sign_in_online(host, user)
    return user


def with_the_pin(user):
    with user.ssh(timeout=60) as session:
        session.pin(PIN)
        session.shell()
        session.leave()


def signs_in_online(host, with_pin):
    """At once, and the directory has renewed the sign-in; and so does somebody new."""
    before = {name: len(events(host, name)) for name in UNREACHED}
    asked = len(host.requests())
    with_the_pin(with_pin)
    assert any(entry["path"].split("?")[0].endswith("/token") for entry in host.requests()[asked:]), "it was not renewed"
    sign_in_online(host, host.new_user())
    assert {name: len(events(host, name)) for name in UNREACHED} == before


@contextlib.contextmanager
def through_a_relay(lab):
    """All connections to the directory lead through it; yields what makes it forget them (false_network.py)."""

    def forget():
        time.sleep(2)  # so that they rest, as they do between two sign-ins
        lab.out("pkill", "-USR1", "-f", "false_network.py")

    with names_lead_to(lab, RELAY), false_network(lab, "forgets", RELAY):
        yield forget


@pytest.mark.parametrize("addresses", [(), ("192.0.2.1",)], ids=["unknown", "another"])
def test_a_network_that_comes_later(host, with_pin, with_password, addresses):
    """As a VPN that names lead through: before, they lead nowhere or elsewhere. No answer of before counts."""
    with names_lead_to(host, *addresses):
        host.restart()
        is_refused_without_a_question(host, with_password)
    signs_in_online(host, with_pin)


def test_connections_that_died_without_a_sign(host, with_pin):
    with through_a_relay(host) as forget:
        for _ in range(2):
            signs_in_online(host, with_pin)
            forget()


def test_a_network_that_changes_while_the_phone_is_asked(host, with_password):
    with through_a_relay(host) as forget:
        with dialogue(host, with_password) as session:
            session.password(with_password.password)
            number = session.number(press_enter=False)
            forget()
            with_password.approve(number)
            assert session.terminal.end() == 0, session.terminal.transcript()


def test_a_suspend(host, with_pin):
    """The daemon stands still, all its connections die meanwhile, and the clock is hours later: as for a process there is no difference."""
    with through_a_relay(host) as forget:
        signs_in_online(host, with_pin)
        with host.stuck():
            forget()
            set_clock(host, HOURS)
        signs_in_online(host, with_pin)
    with host.offline():
        with_the_pin(with_pin)


def test_ntp_sets_the_clock(host, with_pin):
    for seconds in (HOURS, 0, -HOURS, 0):
        set_clock(host, seconds)
        signs_in_online(host, with_pin)
        with host.offline():
            with_the_pin(with_pin)


def test_the_clock_does_not_decide_how_long_breakglass_is_active(host, with_password):
    with host.offline():
        command(host, "--ttl", "2h")
        for seconds in (HOURS, -HOURS):
            set_clock(host, seconds)
            assert "Breakglass is active" in state(host)
            assert opens(host, with_password)


def test_explain_says_that_the_clock_is_wrong(host, with_pin):
    """As docs/troubleshooting.md shows."""
    with_the_pin(with_pin)
    set_clock(host, -DAYS)
    with host.offline():
        code, found, text = explain(host, with_pin.name, "--service", "su")
        assert code == 1 and found["offline"] == "NO", text
        is_documented(text, "aad-tool explain ada --service su", with_pin.name)
