"""The first process of a lab's namespaces: starts the tenant, the TPM and the host, and does what `lab` asks of the first two."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

from . import LabError, cgroups, linux, machine, roots
from .device import Device

# systemd-nspawn's exit code, for a service manager that would start it again.
_WANTS_REBOOT = 133


def keep(lab, plan, lower, groups, report):
    """Never returns."""
    try:
        linux.die_with_parent(signal.SIGKILL)
        # Nothing to clean up: the kernel ends everything in here with us.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(lab.control))
        listener.listen(64)
        linux.private_mounts()
        linux.root_as_mount_point(lab.machine)
        linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
        linux.loopback_up()
        devices = {device.name: device for device in _devices(lab, plan)}
        machine.make_authority(lab.tenant_state)
        with ThreadPoolExecutor() as pool:
            # The directory is there before the host that asks it: a daemon that came first would take it for unreachable.
            started = [pool.submit(device.start) for device in devices.values()]
            root = machine.build(lab, plan, lower)
            for each in started:
                each.result()
        threading.Thread(target=_serve, args=(listener, devices), daemon=True).start()
        _boot(lab, plan, root, groups, report)
    except BaseException as error:  # pylint: disable=broad-except
        _send(report, error=str(error) or type(error).__name__)
    os._exit(1)


def _devices(lab, plan):
    yield Device(
        "tenant",
        [
            plan.repository / "testing/tenant/run", "--listen", "127.0.0.1:443", "--admin", lab.tenant_admin,
            "--ca-dir", lab.tenant_state, *(["--seed", plan.seed] if plan.seed else []),
        ],
        lab.logs,
        # Not by connecting: its record of what it was asked is for the tests.
        lambda: _listens(443) and lab.tenant_admin.exists(),
    )
    if plan.tpm == "swtpm":
        state = lab.directory / "tpm"
        state.mkdir(mode=0o700)
        yield Device(
            "tpm",
            [
                "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}", "--server", "type=tcp,port=2321,bindaddr=127.0.0.1",
                "--ctrl", "type=tcp,port=2322,bindaddr=127.0.0.1", "--flags", "not-need-init,startup-clear",
            ],
            lab.logs,
            # A connection to the command port would be its one and only client.
            lambda: _listens(2322),
        )


def _listens(port):
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as lines:
            if any(re.search(rf":{port:04X} 0+:0000 0A ", line) for line in lines):
                return True
    return False


def _boot(lab, plan, root, groups, report):
    """Runs the host until it is powered off; boots it again when it asks for that."""
    # What systemd-nspawn leaves below /run is nobody's but ours.
    os.makedirs("/run/systemd/nspawn", exist_ok=True)
    linux.mount("lab", "/run/systemd/nspawn", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=0755")
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    place = lab.directory / "notify"
    notices.bind(str(place))
    words = [
        "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", f"--directory={root}", f"--machine={plan.hostname}", "--settings=no",
        "--network-namespace-path=/proc/self/ns/net", "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe",
        "--notify-ready=yes", "--boot",
    ]
    if roots.purpose(plan.release) == "kerberos":  # credential caches in the kernel
        words.insert(-1, "--system-call-filter=@keyring")
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NOTIFY_SOCKET": str(place), "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_NSPAWN_LOCK": "0",
    }
    threading.Thread(target=_listen, args=(notices, report), daemon=True).start()
    code = _WANTS_REBOOT
    while code == _WANTS_REBOOT:
        with open(lab.logs / "boot.log", "ab") as log:
            code = subprocess.call(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, preexec_fn=lambda: cgroups.enter(groups), cwd="/",
                start_new_session=True,
            )
    text = (lab.logs / "boot.log").read_text(errors="replace")[-2000:]
    _send(report, error=f"the host ended (systemd-nspawn: {code}):\n{text}")


def _listen(notices, report):
    boots = 0
    while True:
        fields = dict(line.split("=", 1) for line in notices.recv(65536).decode().splitlines() if "=" in line)
        if "X_NSPAWN_LEADER_PID" in fields:
            boots += 1
            leader = os.pidfd_open(int(fields["X_NSPAWN_LEADER_PID"]))
            _send(report, [leader], boots=boots, entered=True)
            os.close(leader)
        if fields.get("READY") == "1":
            _send(report, boots=boots, ready=True)


def _send(report, descriptors=(), **message):
    try:
        socket.send_fds(report, [json.dumps(message).encode()], descriptors)
    except OSError:
        pass  # the guardian has gone, and so do we


def _serve(listener, devices):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection, devices), daemon=True).start()


def _answer(connection, devices):
    with connection, connection.makefile("rw") as stream:
        try:
            request = json.loads(stream.readline())
            reply = {"ok": True, **_perform(devices, request)}
        except LabError as error:
            reply = {"error": str(error)}
        except (ValueError, KeyError, OSError) as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        try:
            stream.write(json.dumps(reply) + "\n")
            stream.flush()
        except OSError:
            pass  # the asker has gone; what it asked for is done


def _perform(devices, request):
    action, name = request["do"], request.get("device")
    if action == "status":
        return {"devices": {each: device.describe() for each, device in devices.items()}}
    if name not in devices:
        raise LabError(f"no {name} in this lab")
    if action == "signal":
        devices[name].send(request["signal"])
    elif action in ("start", "stop", "kill"):
        getattr(devices[name], action)()
    else:
        raise LabError(f"unknown request '{action}'")
    return {}
