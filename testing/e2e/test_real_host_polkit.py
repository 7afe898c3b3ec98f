"""polkit asks the user at the terminal, through its own helper and PAM."""

import pytest

from real_host import LOCAL, LOCAL_PASSWORD, REFUSED_WITHIN, STATES, UNKNOWN, daemon, is_refused, users, sign_in  # noqa: F401
from running_lab import PIN

RULE = "/etc/polkit-1/rules.d/10-real-host.rules"
HELPER = "/usr/lib/polkit-1/polkit-agent-helper-1"


@pytest.fixture(scope="module")
def rule(lab, users):
    """Each user administers this host in their own name."""
    lab.write(RULE, 'polkit.addAdminRule(function(action, subject) { return ["unix-user:" + subject.user]; });\n')
    lab.out("systemctl", "restart", "polkit")
    yield
    lab.run("rm", RULE)


@pytest.fixture(scope="module", params=STATES)
def sessions(lab, rule, enrolled, request):
    """Shells that both have had since before."""
    with lab.ssh(LOCAL) as host, sign_in(enrolled) as session:
        host.terminal.until("Password: ")
        host.say(LOCAL_PASSWORD)
        host.shell()
        with daemon(lab, request.param):
            yield request.param, host, session
        host.leave()
        session.leave()


def restart_cron(session, prompt, answer):
    """With a terminal agent of systemctl's own; what it printed."""
    session.say("systemctl restart cron; echo ended $?")
    text = session.terminal.until(prompt, timeout=REFUSED_WITHIN)
    assert "AUTHENTICATING FOR org.freedesktop.systemd1.manage-units" in text
    session.say(answer)
    return session.terminal.until(r"ended \d+\s", timeout=REFUSED_WITHIN, want_match=True)[0]


def test_an_account_of_the_host(sessions):
    _, host, _ = sessions
    assert restart_cron(host, "Password: ", LOCAL_PASSWORD).startswith("ended 0")
    host.shell()


def test_a_user_of_the_directory(sessions):
    kind, _, session = sessions
    prompt, answer = ("PIN: ", PIN) if kind == "running" else ("Password: ", "guess")
    ended = restart_cron(session, prompt, answer)
    assert ended.startswith("ended 0") == (kind == "running"), ended
    session.shell()


def test_nobody(lab, sessions):
    assert "FAILURE" in is_refused(lab, "sh", "-c", f"printf 'cookie\\nguess\\n' | {HELPER} {UNKNOWN}")
