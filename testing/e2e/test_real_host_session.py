"""logind and the user manager of a directory user, as of any other user."""

from real_host import sign_in, wait_for

KEPT, JOB = "/var/tmp/kept-by-linger", "/var/tmp/done-by-cron"


def shown(lab, kind, name, *properties):
    done = lab.run("loginctl", f"show-{kind}", name, *(f"--property={each}" for each in properties))
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_a_session_over_ssh(lab, enrolled):
    uid = lab.out("id", "-u", enrolled.name)
    with sign_in(enrolled) as session:
        session_id = session.ask("echo $XDG_SESSION_ID")
        assert session_id in [line.split()[0] for line in session.ask("loginctl --no-legend list-sessions").splitlines()]
        assert shown(lab, "session", session_id, "Name", "User", "Remote", "RemoteHost", "Service", "Class", "Active") == {
            "Name": enrolled.name, "User": uid, "Remote": "yes", "RemoteHost": "127.0.0.1", "Service": "sshd", "Class": "user", "Active": "yes",
        }
        assert session.ask("echo $XDG_RUNTIME_DIR; stat -c '%U %a' $XDG_RUNTIME_DIR").split("\n") == [f"/run/user/{uid}", f"{enrolled.name} 700"]
        assert lab.out("systemctl", "is-active", f"user@{uid}.service", f"user-runtime-dir@{uid}.service") == "active\nactive"
        session.leave()
    wait_for(lambda: not shown(lab, "session", session_id, "State") or shown(lab, "session", session_id, "State")["State"] == "closing", 10, "the session stays")


def test_systemd_run(lab, enrolled):
    uid = lab.out("id", "-u", enrolled.name)
    with sign_in(enrolled) as session:
        assert session.ask("systemd-run --user --wait --pipe --quiet sh -c 'id -un; cat /proc/self/cgroup'").split("\n")[0] == enrolled.name
        assert f"user@{uid}.service" in session.ask("systemd-run --user --wait --pipe --quiet cat /proc/self/cgroup")
        assert session.ask("systemctl --user is-system-running") in ("running", "degraded")
        session.leave()


def test_linger_and_jobs_of_cron_survive_a_reboot(another):
    """Lingering services and @reboot jobs of a user start with the host, before any sign-in and without the tenant: they come before the daemon is ready."""
    lab = another(name="e2e-linger")
    user = lab.new_user().enrol()
    uid = lab.out("id", "-u", user.name)
    with sign_in(user) as session:
        session.ask("mkdir -p ~/.config/systemd/user/default.target.wants")
        session.ask(f"printf '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/bin/sh -c \"id -un >{KEPT}\"\\n' >~/.config/systemd/user/kept.service")
        session.ask("ln -s ../kept.service ~/.config/systemd/user/default.target.wants/")
        assert session.ask("loginctl enable-linger; echo $?").split("\n")[-1] in ("0", "1")
        session.leave()
    lab.out("loginctl", "enable-linger", user.name)
    lab.run("rm", "-f", KEPT)
    done = lab.run("crontab", "-u", user.name, "-", text=f"@reboot id -un >{JOB}\n")
    assert done.returncode == 0, done.stderr
    lab.out("systemctl", "enable", "cron")
    with lab.offline():
        lab.lab("reboot")
        wait_for(lambda: lab.run("systemctl", "is-active", f"user@{uid}.service").stdout.strip() == "active", 30, why(lab, uid))
        wait_for(lambda: lab.run("cat", KEPT).stdout.strip() == user.name, 10, "its service did not run")
        wait_for(lambda: lab.run("cat", JOB).stdout.strip() == user.name, 40, "cron did not run its job")
        assert shown(lab, "user", user.name, "Linger", "State") == {"Linger": "yes", "State": "lingering"}


def why(lab, uid):
    return lab.run("journalctl", "-b", "--no-pager", "-u", f"user@{uid}.service").stdout
