"""SSH with a key, sftp, scp and rsync: by the account phase alone, whatever the daemon does."""

import pytest

from real_host import KEY, LOCAL, UNKNOWN, daemon, is_refused, users, sign_in, state, while_running, works_at_once  # noqa: F401
from running_lab import PIN

OPTIONS = ("-o", f"IdentityFile={KEY}", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10")


def commands(name):
    """Each leaves a file of root's in the home of that name."""
    there = f"{name}@127.0.0.1"
    return {
        "ssh": ("ssh", *OPTIONS, there, "cp /etc/hostname from-ssh"),
        "sftp": ("sh", "-c", 'printf "put /etc/hostname from-sftp\\n" | sftp -q -b - "$@"', "sftp", *OPTIONS, there),
        "scp": ("scp", "-q", *OPTIONS, "/etc/hostname", f"{there}:from-scp"),
        "rsync": ("rsync", "-e", f"ssh {' '.join(OPTIONS)}", "/etc/hostname", f"{there}:from-rsync"),
    }


PROGRAMS = tuple(commands("x"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_account_of_the_host(lab, state, program):
    lab.run("rm", "-f", f"/home/{LOCAL}/from-{program}")
    works_at_once(lab, *commands(LOCAL)[program])
    assert lab.out("stat", "-c", "%U", f"/home/{LOCAL}/from-{program}") == LOCAL


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_user_of_the_directory(lab, state, enrolled, program):
    """A key is accepted only as long as the daemon confirms that the account may use this host."""
    home = lab.out("getent", "passwd", enrolled.name).split(":")[5]
    lab.run("rm", "-f", f"{home}/from-{program}")
    if state == "running":
        done = lab.run(*commands(enrolled.name)[program])
        assert done.returncode == 0, done.stderr
        assert lab.out("stat", "-c", "%U", f"{home}/from-{program}") == enrolled.name
    else:
        is_refused(lab, *commands(enrolled.name)[program])
        assert lab.run("ls", f"{home}/from-{program}").returncode != 0


@pytest.mark.parametrize("program", PROGRAMS)
def test_nobody(lab, state, program):
    text = is_refused(lab, *commands(UNKNOWN)[program])
    assert "Permission denied" in text or "Connection closed" in text


@while_running
def test_by_pin(lab, state, enrolled):
    """The same programs with a user at the prompt."""
    options = ("-o", "PreferredAuthentications=keyboard-interactive", "-o", "LogLevel=ERROR")
    for command in (
        ("scp", "-q", *options, "/etc/hostname", f"{enrolled.name}@127.0.0.1:by-pin"),
        ("rsync", "-e", f"ssh {' '.join(options)}", "/etc/hostname", f"{enrolled.name}@127.0.0.1:by-pin"),
    ):
        with lab.terminal(*command, timeout=30) as terminal:
            terminal.until("PIN: ")
            terminal.type(PIN)
            assert terminal.end() == 0, terminal.transcript()
    with lab.terminal("sftp", *options, f"{enrolled.name}@127.0.0.1", timeout=30) as terminal:
        terminal.until("PIN: ")
        terminal.type(PIN)
        terminal.until("sftp> ")
        terminal.type("pwd")
        terminal.until("Remote working directory: /home/")
        terminal.type("bye")
        assert terminal.end() == 0
