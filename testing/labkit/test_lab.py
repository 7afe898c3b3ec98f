"""The lab itself: what it promises in README.md."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pexpect
import pytest

LAB = str(Path(__file__).resolve().parents[1] / "lab")
BASE = Path("/run/himmelblau-lab")
KIT = "kit" + os.environ.get("PYTEST_XDIST_WORKER", "").replace("gw", "-")


def run(*words, check=True, text="", **options):
    done = subprocess.run(
        [LAB, *words], capture_output=True, text=True, input=text, timeout=120, check=False, **options
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


def inside(name, *command, **options):
    return run("exec", "--name", name, "--", *command, check=False, **options)


@pytest.fixture(scope="module")
def name():
    run("down", "--name", KIT, check=False)
    run("up", "--name", KIT)
    yield KIT
    run("down", "--name", KIT)
    leaves_nothing(KIT)


def leaves_nothing(lab):
    assert not (BASE / lab).exists() and not (BASE / f".{lab}.lock").exists()
    assert not list(Path("/run/systemd/nspawn").glob(f"*/{lab}"))
    assert f"himmelblau-lab-{lab}" not in [path.name for path in groups()]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            mounts = (process / "mounts").read_text(errors="replace")
        except OSError:
            continue
        assert not (LAB.encode() in command and b"up" in command and lab.encode() in command), process
        assert f"himmelblau-lab/{lab}/" not in mounts, process


def groups():
    """Control groups near the top of each tree."""
    return [path for pattern in ("*", "*/*", "*/*/*") for path in Path("/sys/fs/cgroup").glob(pattern) if path.is_dir()]


def test_the_first_lookup_of_a_fresh_host_is_answered(name):
    """The first test: nothing was looked up on this host before. sshd would treat a late answer as "no"."""
    assert inside(name, "getent", "passwd", "user02@example.onmicrosoft.com").stdout.startswith("user02:x:1749180831:")


def test_streams_and_exit_code_pass_through(name):
    assert inside(name, "sh", "-c", "exit 37").returncode == 37
    assert inside(name, "sh", "-c", "kill -TERM $$").returncode == 128 + signal.SIGTERM
    done = inside(name, "sh", "-c", "cat; echo err >&2", text="through\n")
    assert (done.stdout, done.stderr) == ("through\n", "err\n")
    assert inside(name, "no-such-command").returncode == 127
    assert inside(name).returncode == 1


def test_a_terminal_passes_through(name):
    child = pexpect.spawn(LAB, ["exec", "--name", name, "--", "sh", "-c", "tty; stty size; read x; echo got $x; exit 5"],
                          encoding="utf-8", timeout=10, dimensions=(33, 101))
    child.expect("/dev/pts/[0-9]+")
    child.expect("33 101")
    child.sendline("it")
    child.expect("got it")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_a_signal_reaches_the_command(name):
    process = subprocess.Popen([LAB, "exec", "--name", name, "--", "sleep", "77"])
    while "sleep\0" + "77" not in inside(name, "sh", "-c", "cat /proc/[0-9]*/cmdline").stdout:
        time.sleep(0.05)
    process.terminate()
    assert process.wait(10) == 128 + signal.SIGTERM
    assert "sleep\0" + "77" not in inside(name, "sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null").stdout


def test_a_booted_system(name):
    assert inside(name, "ps", "-o", "comm=", "-p", "1").stdout == "systemd\n"
    assert inside(name, "systemctl", "is-system-running").stdout == "running\n"
    assert "VERSION_ID=\"13\"" in inside(name, "cat", "/etc/os-release").stdout
    assert inside(name, "systemctl", "--failed", "--quiet").stdout == ""
    for unit in ("himmelblaud", "himmelblaud-tasks.path", "himmelblau-userdb", "systemd-logind", "systemd-journald", "ssh"):
        assert inside(name, "systemctl", "is-active", unit).stdout == "active\n", unit


def test_the_command_has_a_control_group_of_the_host_and_no_session(name):
    assert inside(name, "sh", "-c", "grep ^0:: /proc/self/cgroup").stdout == "0::/entered\n"
    assert inside(name, "loginctl", "session-status").returncode != 0


def test_no_log_line_is_lost(name):
    inside(name, "sh", "-c", "for i in $(seq 3000); do echo many-$i; done | logger -t many")
    assert run("logs", "--name", name, "syslog").stdout.count("many[") == 3000


def test_each_log(name):
    assert "daemon.ready" in run("logs", "--name", name, "daemon").stdout
    assert "Server listening on" in run("logs", "--name", name, "sshd").stdout
    everything = run("logs", "--name", name).stdout
    for part in ("daemon", "tasks", "userdb", "sshd", "syslog", "tenant", "boot", "lab"):
        assert f"==> {part} <==" in everything
    assert "==> tpm <==" not in everything


def test_nothing_comes_from_the_environment_of_the_caller(name):
    environment = {**os.environ, "SECRET": "x", "TERM": "dumb", "PATH": "/usr/bin:/bin:/opt/mine"}
    text = inside(name, "env", env=environment).stdout
    assert "SECRET" not in text and "/opt/mine" not in text and "TERM=dumb" in text


def test_users(name):
    assert inside(name, "id", "-un").stdout == "root\n"
    inside(name, "useradd", "-m", "somebody")
    done = run("exec", "--name", name, "--user", "somebody", "--", "sh", "-c", "id -un; echo $HOME; pwd")
    assert done.stdout.split() == ["somebody", "/home/somebody", "/home/somebody"]
    assert run("exec", "--name", name, "--user", "nobody-here", "--", "id", check=False).returncode == 126


def test_the_host_is_untouched(name):
    before = {path: Path(path).read_bytes() for path in ("/etc/passwd", "/etc/nsswitch.conf", "/etc/hosts", "/etc/pam.d/common-auth")}
    script = (
        "useradd -m written; for d in /etc /var /home /root /usr /usr/lib /tmp /run; do touch $d/lab-was-here; done;"
        " hostname other; ip link add dummy0 type dummy 2>/dev/null; true"
    )
    assert inside(name, "sh", "-c", script).returncode == 0
    for folder in ("/etc", "/var", "/home", "/root", "/usr", "/usr/lib", "/tmp", "/run"):
        assert not os.path.exists(f"{folder}/lab-was-here")
    assert os.uname().nodename != "other"
    for path, text in before.items():
        assert Path(path).read_bytes() == text


def test_what_the_packages_leave(name):
    assert "himmelblau" in inside(name, "grep", "^passwd:", "/etc/nsswitch.conf").stdout
    assert "auth_err=die" in inside(name, "grep", "himmelblau", "/etc/pam.d/common-account").stdout
    assert "mfa_poll_prompt" in inside(name, "grep", "himmelblau", "/etc/pam.d/sshd").stdout
    assert "mfa_poll_prompt" not in inside(name, "cat", "/etc/pam.d/common-auth").stdout
    assert inside(name, "cat", "/etc/himmelblau/himmelblau.conf").stdout == "[global]\ndomain = example.onmicrosoft.com\n"
    owner = inside(name, "stat", "-c", "%U %a", "/run/himmelblaud", "/var/lib/himmelblaud").stdout
    assert owner == "himmelblaud 755\nhimmelblaud 700\n"
    states = inside(name, "dpkg-query", "-W", "-f", "${db:Status-Status} ", "himmelblau", "pam-himmelblau", "nss-himmelblau").stdout
    assert states == "installed installed installed "
    assert inside(name, "dpkg", "--verify", "himmelblau", "pam-himmelblau", "nss-himmelblau").stdout == ""


def test_the_tenant_has_the_real_names_and_is_trusted(name):
    script = (
        "import urllib.request as u;"
        "print(u.urlopen('https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration').status)"
    )
    assert inside(name, "python3", "-c", script).stdout == "200\n"
    run("tenant", "--name", name, "stop")
    assert "Connection refused" in inside(name, "python3", "-c", script).stderr
    run("tenant", "--name", name, "start")
    assert inside(name, "python3", "-c", script).stdout == "200\n"
    assert json.loads(run("tenant", "--name", name, "requests", "--json").stdout)


def test_there_is_no_way_out(name):
    script = "import socket; socket.create_connection(('1.1.1.1', 53), 3)"
    assert "unreachable" in inside(name, "python3", "-c", script).stderr


def test_kill_and_restart(name):
    run("kill", "--name", name, "daemon")
    assert "daemon: killed by SIGKILL" in run("status", "--name", name).stdout
    time.sleep(1.5)
    assert "daemon: killed by SIGKILL" in run("status", "--name", name).stdout, "it stays so, though its unit says restart"
    run("restart", "--name", name, "daemon")
    assert "daemon: ready" in run("status", "--name", name).stdout
    for service in ("tasks", "userdb", "sshd"):
        run("restart", "--name", name, service)


def test_a_stopped_service_stays_so(name):
    for service in ("tasks", "userdb", "daemon"):
        run("stop", "--name", name, service)
        time.sleep(1.5)
        assert f"{service}: ready" not in run("status", "--name", name).stdout
        run("start", "--name", name, service)
        assert f"{service}: ready" in run("status", "--name", name).stdout
    run("start", "--name", name, "tasks")


def test_the_host_boots_again(name):
    inside(name, "touch", "/var/stays", "/run/goes")
    before = inside(name, "cat", "/proc/sys/kernel/random/boot_id").stdout
    run("reboot", "--name", name)
    assert inside(name, "cat", "/proc/sys/kernel/random/boot_id").stdout not in ("", before)
    assert inside(name, "test", "-e", "/var/stays").returncode == 0
    assert inside(name, "test", "-e", "/run/goes").returncode == 1
    assert "user02" in inside(name, "getent", "passwd", "user02").stdout


def test_a_configuration_that_does_not_start_says_why_and_leaves_nothing(tmp_path):
    conf = tmp_path / "broken.conf"
    conf.write_text("[global\n")
    done = run("up", "--name", f"{KIT}-broken", "--conf", str(conf), check=False)
    assert done.returncode == 1 and "daemon" in done.stderr
    leaves_nothing(f"{KIT}-broken")


def test_mistakes_of_the_caller(name, tmp_path):
    assert "up already" in run("up", "--name", name, check=False).stderr
    assert "is not up" in run("down", "--name", f"{KIT}-nothing", check=False).stderr
    assert "is not up" in run("exec", "--name", f"{KIT}-nothing", "--", "id", check=False).stderr
    assert run("up", "--name", "../etc", check=False).returncode == 1
    assert run("up", "--name", f"{KIT}-x", "--conf", str(tmp_path / "none"), check=False).returncode == 1
    assert run("restart", "--name", name, "cron", check=False).returncode == 2
    leaves_nothing(f"{KIT}-x")


def test_root_only():
    """From a copy, because other users cannot access the home directory of root, which may contain this repository."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copy(LAB, folder)
        shutil.copytree(Path(LAB).parent / "labkit", Path(folder, "labkit"))
        done = subprocess.run(
            [Path(folder, "lab"), "list"], capture_output=True, text=True, timeout=60, check=False,
            user=65534, group=65534, extra_groups=[], cwd="/",
        )
    assert done.returncode == 1 and "root" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("delay", [0.05, 0.3, 1, 2, 4])
def test_an_interrupted_up_leaves_nothing(number, delay):
    process = subprocess.Popen([LAB, "up", "--name", f"{KIT}-cut"], stderr=subprocess.DEVNULL)
    time.sleep(delay)
    process.send_signal(number)
    if process.wait(60) == 0:
        run("down", "--name", f"{KIT}-cut")
    end = time.monotonic() + 10
    while (BASE / f"{KIT}-cut").exists() and time.monotonic() < end:
        time.sleep(0.05)
    run("list")  # sweeps what was killed before anybody was there to sweep
    leaves_nothing(f"{KIT}-cut")


def test_side_by_side_and_the_guardian_killed(name):
    run("up", "--name", f"{KIT}-two")
    inside(f"{KIT}-two", "useradd", "only-here")
    assert inside(name, "id", "only-here").returncode == 1
    assert {KIT, f"{KIT}-two"} <= set(run("list").stdout.split())
    facts = json.loads((BASE / f"{KIT}-two/facts.json").read_text())
    os.kill(facts["guardian"], signal.SIGKILL)
    end = time.monotonic() + 10
    while f"{KIT}-two" in run("list").stdout and time.monotonic() < end:
        time.sleep(0.05)
    leaves_nothing(f"{KIT}-two")
    assert inside(name, "true").returncode == 0


def test_a_run_of_all_tests_that_is_stopped_ends_its_own_labs_only(name):
    """A part that took too long is stopped by testing/verify, labs and all; those of others go on, whatever their names."""
    specification = importlib.util.spec_from_file_location("verify", Path(LAB).with_name("verify.py"))
    verify = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(verify)
    own = f"{KIT}-own"
    part = verify._start(["sh", "-c", f"testing/lab up --name {own} && echo up && exec sleep 600"], subprocess.PIPE)
    assert part.stdout.readline() == b"up\n"
    verify._end(part)
    assert part.wait(0) != 0
    leaves_nothing(own)
    assert inside(name, "true").returncode == 0


def test_a_host_that_is_powered_off_ends_the_lab(name):
    run("up", "--name", f"{KIT}-off")
    inside(f"{KIT}-off", "systemctl", "poweroff")
    end = time.monotonic() + 60
    while f"{KIT}-off" in run("list").stdout.split():
        assert time.monotonic() < end
        time.sleep(0.1)
    leaves_nothing(f"{KIT}-off")


def test_the_release_before(name):
    run("up", "--name", f"{KIT}-12", "--os", "debian-12")
    try:
        assert "VERSION_ID=\"12\"" in inside(f"{KIT}-12", "cat", "/etc/os-release").stdout
        assert inside(f"{KIT}-12", "systemctl", "is-system-running").stdout == "running\n"
        assert inside(f"{KIT}-12", "getent", "passwd", "user02").stdout.startswith("user02:")
    finally:
        run("down", "--name", f"{KIT}-12")
    leaves_nothing(f"{KIT}-12")
