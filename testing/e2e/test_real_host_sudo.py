"""sudo with its real rules: by user, by a group's id, for all of sudo's own group; -l and -i."""

import pytest

from real_host import LOCAL, LOCAL_PASSWORD, REFUSED_WITHIN, STATES, UNKNOWN, daemon, is_refused, users, sign_in, works_at_once  # noqa: F401
from running_lab import PIN

GROUP = "0b0b0b0b-0000-4000-8000-0000000005d0"


@pytest.fixture(scope="module")
def rules(lab, users, enrolled):
    """A rule by user, one by the id of a directory's group, and a local user's."""
    lab.tenant("group", "add", "sudoers-of-directory", "--id", GROUP, "--member", enrolled.upn)
    sign_in(enrolled).leave()
    gid = next(entry for entry in lab.out("id", "-G", enrolled.name).split() if entry != lab.out("id", "-g", enrolled.name))
    lab.write(
        "/etc/sudoers.d/real-host",
        f"{users} ALL=(ALL) ALL\n{enrolled.name} ALL=(root) /usr/bin/id\n%#{gid} ALL=(ALL) ALL\n"
        # Else a rule without password lets a list be shown without one, too.
        f"{enrolled.name} ALL=(root) NOPASSWD: /usr/bin/true\nDefaults:{enrolled.name} listpw=always\n",
    )
    lab.out("chmod", "0440", "/etc/sudoers.d/real-host")
    lab.out("visudo", "-c")
    yield gid
    lab.run("rm", "/etc/sudoers.d/real-host")


@pytest.fixture(scope="module", params=STATES)
def state(lab, rules, request, enrolled):
    """With a shell that a directory user has opened before."""
    with sign_in(enrolled) as session:
        with daemon(lab, request.param):
            yield request.param, session
        session.leave()


def test_an_account_of_the_host(lab, state):
    script = f"echo {LOCAL_PASSWORD} | sudo -k -S -p '' -l && echo {LOCAL_PASSWORD} | sudo -k -S -p '' -i id -un"
    text = works_at_once(lab, "setpriv", f"--reuid={LOCAL}", f"--regid={LOCAL}", "--init-groups", "sh", "-c", script)
    assert "(ALL) ALL" in text and text.split("\n")[-1] == "root"


def test_a_wrong_password_of_the_host(lab, state):
    script = "echo wrong | sudo -k -S -p '' true"
    done, seconds = lab.timed("setpriv", f"--reuid={LOCAL}", f"--regid={LOCAL}", "--init-groups", "sh", "-c", script)
    assert done.returncode == 1 and seconds < 10, (seconds, done.stderr)


def test_a_user_of_the_directory(lab, state, rules):
    kind, session = state
    if kind == "running":
        session.say("sudo -k; sudo -l")
        session.terminal.until("PIN: ")
        session.say(PIN)
        text = session.shell()
        assert "(root) /usr/bin/id" in text and "(ALL) ALL" in text, "rules by user and by group"
        session.say("sudo -k; sudo -i")
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until("# $")
        assert session.ask("id -un") == "root"
        session.say("exit")
        session.shell()
        assert session.ask("sudo -n true; echo $?") == "0"
    else:
        session.say("sudo -k; sudo -S id </dev/null; echo ended $?")
        text = session.terminal.until(r"ended 1\s", timeout=REFUSED_WITHIN)
        assert "uid=0" not in text
        session.shell()


def test_a_rule_without_password_asks_the_account(state):
    """Nothing confirms that the account may use this host: not even commands without a password are allowed."""
    kind, session = state
    session.say("sudo -k; sudo -n true; echo ended $?")
    text = session.terminal.until(r"ended \d\s", timeout=REFUSED_WITHIN, want_match=True)[0]
    assert text.split()[1] == ("0" if kind == "running" else "1")
    session.shell()


def test_nobody(lab, state):
    assert "unknown user" in is_refused(lab, "sudo", "-u", UNKNOWN, "true")
    assert "unknown user" in is_refused(lab, "sudo", "-l", "-U", UNKNOWN)
    works_at_once(lab, "sudo", "-u", LOCAL, "true")
