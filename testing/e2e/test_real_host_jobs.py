"""cron, its @reboot, and at: jobs of a user run in the user's name, or are refused with a message."""

import pytest

from real_host import LOCAL, REFUSED_WITHIN, UNKNOWN, users, state, wait_for, while_running  # noqa: F401

PLACE = "/var/tmp/jobs"


@pytest.fixture(scope="module", autouse=True)
def place(lab, users, enrolled):
    lab.out("sh", "-c", f"mkdir -p {PLACE}; chmod 1777 {PLACE}; systemctl start cron atd")
    for name in (LOCAL, enrolled.name):
        done = lab.run("crontab", "-u", name, "-", text=f"@reboot id -un >{PLACE}/reboot-{name}\n")
        assert done.returncode == 0, done.stderr
    yield
    for name in (LOCAL, enrolled.name):
        lab.run("crontab", "-u", name, "-r")


def done_by(lab, name, job, seconds=REFUSED_WITHIN):
    file = f"{PLACE}/{job}-{name}"
    wait_for(lambda: lab.run("cat", file).stdout.strip() == name, seconds, f"{file} is not there")
    lab.out("rm", "-f", file)


def refused(lab, program, since, seconds=REFUSED_WITHIN):
    """What the host's log says of it."""
    def said():
        text = lab.run("journalctl", "--no-pager", "--quiet", f"--since=@{since}", "-t", program).stdout
        return [line for line in text.splitlines() if any(word in line.lower() for word in ("failure", "denied", "did not confirm", "unable", "pam_acct_mgmt"))]

    return wait_for(said, seconds, f"{program} did not say that it refused")


def now(lab):
    return lab.out("date", "+%s")


@pytest.fixture
def booted(lab, state):
    """cron as after a boot: this is how it knows whether to run @reboot."""
    since = now(lab)
    lab.out("sh", "-c", f"rm -f /run/crond.reboot {PLACE}/*; systemctl restart cron")
    return since


def test_reboot_jobs(lab, state, enrolled, booted):
    done_by(lab, LOCAL, "reboot", 8)
    if state == "running":
        done_by(lab, enrolled.name, "reboot")
    else:
        refused(lab, "CRON", booted)
        assert lab.run("ls", f"{PLACE}/reboot-{enrolled.name}").returncode != 0


def test_at(lab, state, enrolled):
    since = now(lab)
    for name in (LOCAL, enrolled.name):
        lab.run("rm", "-f", f"{PLACE}/at-{name}")
        done = lab.run("setpriv", f"--reuid={name}", f"--regid={lab.out('id', '-g', name)}", "--init-groups", "at", "now", text=f"id -un >{PLACE}/at-{name}\n")
        if name == LOCAL or state == "running":
            assert done.returncode == 0, done.stderr
    # atd takes its jobs one after the other; a local one may come second here, but not last of all
    done_by(lab, LOCAL, "at")
    if state == "running":
        done_by(lab, enrolled.name, "at")
    else:
        refused(lab, "atd", since)
        assert lab.run("ls", f"{PLACE}/at-{enrolled.name}").returncode != 0


@while_running
def test_a_job_of_each_minute(lab, state, enrolled):
    for name in (LOCAL, enrolled.name):
        done = lab.run("crontab", "-u", name, "-", text=f"* * * * * id -un >{PLACE}/minute-{name}\n@reboot id -un >{PLACE}/reboot-{name}\n")
        assert done.returncode == 0, done.stderr
    for name in (LOCAL, enrolled.name):
        done_by(lab, name, "minute", 90)


def test_nobody(lab, state):
    done = lab.run("crontab", "-u", UNKNOWN, "-l")
    assert done.returncode == 1 and "unknown" in done.stderr
