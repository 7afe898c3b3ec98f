"""polkit asks the person at the terminal, through its own helper and PAM."""

import pytest

from real_host import LOCAL, LOCAL_PASSWORD, REFUSED_WITHIN, STATES, UNKNOWN, daemon, is_refused, people, sign_in  # noqa: F401
from stand import PIN

RULE = "/etc/polkit-1/rules.d/10-real-host.rules"
HELPER = "/usr/lib/polkit-1/polkit-agent-helper-1"


@pytest.fixture(scope="module")
def rule(lab, people):
    """Each administers this host in their own name."""
    lab.write(RULE, 'polkit.addAdminRule(function(action, subject) { return ["unix-user:" + subject.user]; });\n')
    lab.out("systemctl", "restart", "polkit")
    yield
    lab.run("rm", RULE)


@pytest.fixture(scope="module", params=STATES)
def doors(lab, rule, enrolled, request):
    """Shells that both have had since before."""
    with lab.ssh(LOCAL) as host, sign_in(enrolled) as door:
        host.terminal.until("Password: ")
        host.say(LOCAL_PASSWORD)
        host.shell()
        with daemon(lab, request.param):
            yield request.param, host, door
        host.leave()
        door.leave()


def restart_cron(door, prompt, answer):
    """With a terminal agent of systemctl's own; what it printed."""
    door.say("systemctl restart cron; echo ended $?")
    text = door.terminal.until(prompt, timeout=REFUSED_WITHIN)
    assert "AUTHENTICATING FOR org.freedesktop.systemd1.manage-units" in text
    door.say(answer)
    return door.terminal.until(r"ended \d+\s", timeout=REFUSED_WITHIN, want_match=True)[0]


def test_an_account_of_the_host(doors):
    _, host, _ = doors
    assert restart_cron(host, "Password: ", LOCAL_PASSWORD).startswith("ended 0")
    host.shell()


def test_a_user_of_the_directory(doors):
    kind, _, door = doors
    prompt, answer = ("PIN: ", PIN) if kind == "running" else ("Password: ", "guess")
    ended = restart_cron(door, prompt, answer)
    assert ended.startswith("ended 0") == (kind == "running"), ended
    door.shell()


def test_nobody(lab, doors):
    assert "FAILURE" in is_refused(lab, "sh", "-c", f"printf 'cookie\\nguess\\n' | {HELPER} {UNKNOWN}")
