"""The journal of a host: each value of our log lines is a field of its own, and the lines are what they were."""

import json

import pytest

from real_host import sign_in, wait_for
from running_lab import PASSWORD, PIN

DROP_IN = "/run/systemd/system/himmelblaud.service.d/50-no-journal-socket.conf"


def entries(lab, *words):
    lab.out("journalctl", "--sync")
    done = lab.run("journalctl", "--no-pager", "--quiet", "--all", "--output=json", *words)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def signed_in(lab, enrolled):
    """The entry that says so."""
    sign_in(enrolled).leave()
    found = entries(lab, "-u", "himmelblaud", "HIMMELBLAU_EVENT=login.ok", f"HIMMELBLAU_ACCOUNT={enrolled.upn}")
    assert found, "no entry has these fields"
    return found[-1]


def test_values_are_fields(lab, enrolled, signed_in):
    uid = lab.out("id", "-u", enrolled.name)
    expected = {
        "HIMMELBLAU_SOURCE": "himmelblau.login", "HIMMELBLAU_UID": uid, "HIMMELBLAU_AUDIT": "sign_in/success", "PRIORITY": "6", "SYSLOG_IDENTIFIER": "himmelblaud", "_TRANSPORT": "journal",
        "_SYSTEMD_UNIT": "himmelblaud.service", "_PID": str(lab.daemon_pid()),
        "MESSAGE": f"himmelblau.login login.ok conversation={signed_in['HIMMELBLAU_CONVERSATION']} account={enrolled.upn} uid={uid} audit=sign_in/success",
    }
    assert {key: signed_in.get(key) for key in expected} == expected


def test_one_sign_in_is_found_by_its_conversation(lab, signed_in):
    found = entries(lab, f"HIMMELBLAU_CONVERSATION={signed_in['HIMMELBLAU_CONVERSATION']}")
    events = [entry["HIMMELBLAU_EVENT"] for entry in found]
    assert events[0] == "login.start" and "login.step" in events and "login.ok" in events


def test_a_value_with_blanks_and_quotes_is_one_field(lab):
    """An unknown user, whose name tries to inject fields."""
    name = 'x" PRIORITY=0 y=\\"z'
    lab.run("pamtester", "sshd", name, "authenticate")
    found = wait_for(lambda: entries(lab, "-u", "himmelblaud", "HIMMELBLAU_EVENT=login.start", f"HIMMELBLAU_USER={name}"), 5, "no such entry")
    assert found[-1]["PRIORITY"] == "6" and "HIMMELBLAU_Y" not in found[-1]


def test_the_helpers_too(lab, signed_in):
    assert entries(lab, "-u", "himmelblaud-tasks", "SYSLOG_IDENTIFIER=himmelblaud_tasks", "HIMMELBLAU_EVENT=helper.ready")


def test_from_the_first_line_on(lab):
    """Of all that a daemon itself wrote, nothing lacks the fields. A new one: a flood of lines, as other tests cause it, may go past the socket."""
    lab.restart()
    mine = f"_PID={lab.daemon_pid()}"
    assert not entries(lab, mine, "_TRANSPORT=stdout")
    assert entries(lab, mine, "HIMMELBLAU_EVENT=framework.started", "HIMMELBLAU_PROCESS=daemon")


def test_no_field_has_a_secret(lab, signed_in):
    lab.out("journalctl", "--sync")
    text = lab.out("journalctl", "--no-pager", "--all", "--output=export", "-u", "himmelblaud", "-u", "himmelblaud-tasks")
    assert "HIMMELBLAU_EVENT=login.ok" in text
    assert PIN not in text and PASSWORD not in text


def test_without_the_socket_the_lines_are_there(lab, enrolled):
    lab.out("mkdir", "-p", DROP_IN.rpartition("/")[0])
    lab.write(DROP_IN, "[Service]\nInaccessiblePaths=/run/systemd/journal/socket\n")
    lab.out("systemctl", "daemon-reload")
    try:
        lab.restart()
        lab.await_name(enrolled.name)
        sign_in(enrolled).leave()
        mine = f"_PID={lab.daemon_pid()}"
        assert not entries(lab, mine, "_TRANSPORT=journal")
        lines = [entry for entry in entries(lab, mine, "_TRANSPORT=stdout") if " login.ok " in entry["MESSAGE"]]
        assert lines and lines[-1]["MESSAGE"].startswith("himmelblau.login login.ok conversation=") and lines[-1]["PRIORITY"] == "6"
    finally:
        lab.out("rm", DROP_IN)
        lab.out("systemctl", "daemon-reload")
        lab.restart()
        lab.await_name(enrolled.name)
