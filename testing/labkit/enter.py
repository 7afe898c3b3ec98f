"""`testing/lab exec`: one command inside, with its standard streams, its terminal and its exit code."""

import fcntl
import os
import pwd
import re
import select
import signal
import subprocess
import sys
import termios
import time
import tty

from . import LabError, cgroups, linux

# What a terminal program needs; all else is the build machine's business.
_PASSED_ON = re.compile(r"TERM|COLORTERM|LANG|LC_[A-Z]+")
_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_USER_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
_NAMESPACES = (
    ("cgroup", linux.CLONE_NEWCGROUP),
    ("ipc", linux.CLONE_NEWIPC),
    ("uts", linux.CLONE_NEWUTS),
    ("net", linux.CLONE_NEWNET),
    ("pid", linux.CLONE_NEWPID),
    ("mnt", linux.CLONE_NEWNS),
)


def run(lab, user, command):
    """Returns the exit code; 128 + the signal's number for a command that a signal ended, as a shell does."""
    directory = os.getcwd()
    try:
        _enter(lab.facts()["init"])
    except FileNotFoundError:
        raise LabError(f"the host of lab '{lab.name}' is shutting down or rebooting") from None
    if all(os.isatty(descriptor) for descriptor in (0, 1, 2)):
        return _on_terminal(user, command, directory)
    return _plainly(user, command, directory)


def capture(lab, *command, text=True):
    """A command as root, without standard input; a subprocess.CompletedProcess."""
    init = lab.facts()["init"]
    streams = [os.memfd_create("out"), os.memfd_create("err")]
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            for number, stream in enumerate(streams, 1):
                os.dup2(stream, number)
            _enter(init)
            os._exit(_plainly(None, list(command), "/"))
        except (OSError, LabError) as error:
            print(f"lab: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(126)
    code = _exit_code(os.waitpid(child, 0)[1])
    texts = []
    for stream in streams:
        with os.fdopen(stream, "rb") as file:
            file.seek(0)
            texts.append(file.read().decode(errors="replace") if text else file.read())
    return subprocess.CompletedProcess(command, code, *texts)


def _enter(init):
    cgroups.join_host(init)
    descriptors = [
        (os.open(f"/proc/{init}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC), kind)
        for name, kind in _NAMESPACES
    ]
    # Where the lab itself was started in a chroot, its namespace's root is not its "/".
    root = os.open(f"/proc/{init}/root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    for descriptor, kind in descriptors:
        linux.setns(descriptor, kind)
        os.close(descriptor)
    os.fchdir(root)
    os.chroot(".")
    os.close(root)


def _become(user, command, directory):
    """In the child: takes the user's identity and becomes the command."""
    try:
        environment = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
        if user:
            try:
                account = pwd.getpwnam(user)
            except KeyError:
                raise LabError(f"no user '{user}' in this lab") from None
            os.initgroups(account.pw_name, account.pw_gid)
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            environment.update(
                HOME=account.pw_dir, SHELL=account.pw_shell, USER=account.pw_name,
                LOGNAME=account.pw_name, PATH=_USER_PATH,
            )
            places = (account.pw_dir, "/")
        else:
            environment.update(HOME="/root", SHELL="/bin/bash", USER="root", LOGNAME="root", PATH=_SYSTEM_PATH)
            places = (directory, "/")
        for place in places:
            try:
                os.chdir(place)
                break
            except OSError:
                continue
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.execvpe(command[0], command, environment)
    except FileNotFoundError:
        print(f"lab: {command[0]}: command not found", file=sys.stderr)
        os._exit(127)
    except (LabError, OSError) as error:
        print(f"lab: {error}", file=sys.stderr)
        os._exit(126)


def _plainly(user, command, directory):
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)  # the terminal sends it to the command, too
    child = os.fork()
    if child == 0:
        _become(user, command, directory)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: os.kill(child, received))
    return _exit_code(os.waitpid(child, 0)[1])


def _on_terminal(user, command, directory):
    """A terminal of the lab's own, as ssh -t would give: its name is right inside, and it can be handed over."""
    inner, name = os.openpty()
    _copy_size(inner)
    termios.tcsetattr(name, termios.TCSANOW, termios.tcgetattr(0))
    child = os.fork()
    if child == 0:
        os.close(inner)
        os.login_tty(name)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whatever became of the terminal we came from
        _become(user, command, directory)
    os.close(name)
    signal.signal(signal.SIGWINCH, lambda *_: _copy_size(inner))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: os.kill(child, received))
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        _relay(inner, child)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
    return _exit_code(os.waitpid(child, 0)[1])


def _relay(inner, child):
    """Until the last process inside has closed the terminal; login(1) hangs it up and opens it anew."""
    sources = [0, inner]
    while True:
        for source in select.select(sources, [], [])[0]:
            try:
                data = os.read(source, 65536)
            except OSError:
                data = b""
            if source == inner:
                if data:
                    _write_all(1, data)
                elif os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    return
                else:
                    time.sleep(0.02)
            elif data:
                _write_all(inner, data)
            else:
                sources.remove(0)
                os.write(inner, b"\x04")


def _write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


def _copy_size(inner):
    size = fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(inner, termios.TIOCSWINSZ, size)


def _exit_code(status):
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
