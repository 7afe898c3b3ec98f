"""PID 1 of a lab, and the process on the host that waits for it."""

import json
import os
import re
import select
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from . import LabError, install, linux, stage
from .service import Reaper, Service, Spec

NAMESPACES = (
    linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
)


def guard(lab, plan, answer, leash):
    """Becomes the lab's guardian on the host: starts PID 1, and when that ends for whatever reason, sweeps.

    leash: `up` writes a byte when it knows that the lab is ready; when it goes away before, the lab goes too.
    """
    os.setsid()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    log = os.open(lab.logs / "lab.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.chdir("/")
    try:
        linux.unshare(NAMESPACES)
        init = os.fork()
        if init == 0:
            os.close(leash)
            _init(lab, plan, answer)
        lab.write_facts(init=init, guardian=os.getpid(), repository=str(plan.repository))
        os.close(answer)
        signal.signal(signal.SIGTERM, lambda *_: os.kill(init, signal.SIGKILL))
        if not _reads_byte(leash, os.pidfd_open(init)):
            os.kill(init, signal.SIGKILL)
        os.waitpid(init, 0)
    except (LabError, OSError) as error:
        _tell(answer, error=str(error))
    finally:
        lab.sweep()
        os._exit(0)


def _reads_byte(leash, process):
    """False when the leash's other end was closed; the end of the process ends the waiting, too."""
    poll = select.poll()
    poll.register(leash, select.POLLIN)
    poll.register(process, select.POLLIN)
    poll.poll()
    return os.read(leash, 1) == b"k" if select.select([leash], [], [], 0)[0] else True


def _tell(answer, **message):
    try:
        os.write(answer, json.dumps(message).encode() + b"\n")
    except OSError:
        pass  # whoever asked has gone


def _init(lab, plan, answer):
    try:
        linux.die_with_parent(signal.SIGKILL)
        # Nothing to clean up: when PID 1 ends, the kernel ends everything in the lab, and the mounts go with the
        # last of it.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(lab.control))
        listener.listen(64)
        socket.sethostname(plan.hostname)
        linux.loopback_up()
        stage.build(lab, plan.repository)
        install.install(plan, lab)
        reaper = Reaper()
        threading.Thread(target=_run, args=(lab, plan, reaper, listener, answer)).start()
        reaper.run()
    except BaseException as error:  # pylint: disable=broad-except
        _tell(answer, error=str(error) or type(error).__name__)
    os._exit(1)


def _run(lab, plan, reaper, listener, answer):
    try:
        threading.Thread(target=_collect_syslog, args=(lab,), daemon=True).start()
        services = _services(lab, plan, reaper)
        with ThreadPoolExecutor(len(services)) as pool:
            for started in [pool.submit(_start, services, name) for name in services]:
                started.result()
    except BaseException as error:  # pylint: disable=broad-except
        _tell(answer, error=str(error) or type(error).__name__)
        os._exit(1)
    _tell(answer, ready=True)
    os.close(answer)
    _serve(listener, services)


def _start(services, name):
    """The directory is there before the host that asks it: a daemon that came first would take it for unreachable."""
    if name == "tenant":
        services["tenant"].start()
        services["daemon"].start()
    elif name != "daemon":
        services[name].start()


def _collect_syslog(lab):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as box, open(
        lab.logs / "syslog.log", "ab", buffering=0
    ) as log:
        box.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        while True:
            log.write(box.recv(65536).rstrip(b"\n\0") + b"\n")


def _services(lab, plan, reaper):
    daemon, tasks, userdb = (install.unit(plan, key) for key in ("daemon", "tasks", "userdb"))
    specs = [
        Spec(
            "tenant",
            [
                str(plan.repository / "testing/tenant/run"),
                "--listen", "127.0.0.1:443",
                "--admin", str(lab.tenant_admin),
                "--ca-dir", str(lab.tenant_state),
                *(["--seed", plan.seed] if plan.seed else []),
            ],
            # Not by connecting: its record of what it was asked is for the tests.
            probe=lambda _: _listens(443, connect=False) and lab.tenant_admin.exists(),
        ),
        _unit_spec("daemon", daemon),
        # Of use only when it is connected, which it says nowhere but in its log.
        _unit_spec("tasks", tasks, probe=lambda begin: b" link.up " in _since(lab.logs / "tasks.log", begin)),
        _unit_spec("userdb", userdb, probe=lambda _: os.path.exists(userdb.command()[1])),
        Spec("sshd", ["/usr/sbin/sshd", "-D", "-e"], probe=lambda _: _listens(22)),
    ]
    if plan.tpm == "swtpm":
        specs.append(_swtpm(lab))
    return {spec.name: Service(spec, lab.logs, reaper) for spec in specs}


def _since(log, begin):
    with open(log, "rb") as file:
        file.seek(begin)
        return file.read()


def _unit_spec(name, unit, probe=None):
    groups = install.local_groups()
    return Spec(
        name,
        unit.command(),
        identity=install.local_account(unit.user()) if unit.user() != "root" else None,
        extra_groups=[groups[group] for group in unit.supplementary_groups() if group in groups],
        umask=unit.umask(),
        environment=unit.environment(),
        notify=unit.one("Type") == "notify",
        probe=probe,
    )


def _swtpm(lab):
    state = lab.directory / "tpm"
    state.mkdir(mode=0o700)
    return Spec(
        "tpm",
        [
            "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}",
            "--server", "type=tcp,port=2321,bindaddr=127.0.0.1",
            "--ctrl", "type=tcp,port=2322,bindaddr=127.0.0.1",
            "--flags", "not-need-init,startup-clear",
        ],
        # A connection to the command port would be its one and only client.
        probe=lambda _: _listens(2322, connect=False),
    )


def _listens(port, connect=True):
    if connect:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", port)) == 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as lines:
            if any(re.search(rf":{port:04X} 0+:0000 0A ", line) for line in lines):
                return True
    return False


def _serve(listener, services):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection, services), daemon=True).start()


def _answer(connection, services):
    with connection, connection.makefile("rw") as stream:
        try:
            request = json.loads(stream.readline())
            reply = {"ok": True, **_perform(services, request["do"], request.get("service"))}
        except LabError as error:
            reply = {"error": str(error)}
        except (ValueError, KeyError, OSError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        try:
            stream.write(json.dumps(reply) + "\n")
            stream.flush()
        except OSError:
            pass  # the asker has gone; what it asked for is done


def _perform(services, action, name):
    if action == "status":
        return {"services": {each: service.describe() for each, service in services.items()},
                "pids": {each: service.pid() for each, service in services.items()}}
    if name not in services:
        raise LabError(f"no service '{name}' in this lab; there are: {', '.join(services)}")
    service = services[name]
    if action == "restart":
        service.stop()
        service.start()
    elif action == "start":
        service.start()
    elif action == "stop":
        service.stop()
    elif action == "kill":
        service.kill()
    else:
        raise LabError(f"unknown request '{action}'")
    return {}


def bring_up(lab, plan):
    """Runs in `up`: returns when the lab is ready, or raises and leaves nothing."""
    # Nothing may come between taking the place and having somebody who gives it back.
    signals = signal.pthread_sigmask(
        signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    )
    lock = lab.claim()
    answers, answer = os.pipe()
    leash, hold = os.pipe()
    guardian = os.fork()
    if guardian == 0:
        os.close(answers)
        os.close(hold)
        guard(lab, plan, answer, leash)
    os.close(answer)
    os.close(leash)
    os.close(lock)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        with os.fdopen(answers) as lines:
            message = json.loads(lines.readline() or '{"error": "PID 1 of the lab died; no reason given"}')
        if "error" in message:
            raise LabError(message["error"])
        os.write(hold, b"k")
    except BaseException:
        os.close(hold)
        os.waitpid(guardian, 0)
        raise
    os.close(hold)


def bring_down(lab):
    """Ends everything inside and waits until the guardian has swept."""
    facts = lab.facts()
    try:
        guardian = os.pidfd_open(facts["guardian"])
    except ProcessLookupError:
        guardian = None
    try:
        os.kill(facts["init"], signal.SIGKILL)
    except ProcessLookupError:
        pass
    if guardian is not None:
        poll = select.poll()
        poll.register(guardian, select.POLLIN)
        if not poll.poll(30_000):
            raise LabError(f"lab '{lab.name}' does not end: guardian {facts['guardian']} is stuck")
        os.close(guardian)
    if not lab.alive():
        lab.sweep()


def ask(lab, action, service=None):
    """One request to PID 1 of a lab that is up."""
    lab.facts()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(lab.control))
        with connection.makefile("rw") as stream:
            stream.write(json.dumps({"do": action, "service": service}) + "\n")
            stream.flush()
            reply = json.loads(stream.readline() or '{"error": "the lab ended"}')
    if "error" in reply:
        raise LabError(reply["error"])
    return reply
