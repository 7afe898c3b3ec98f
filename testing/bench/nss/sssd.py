#!/usr/bin/python3 -B
"""A real SSSD on a configuration and state of its own; only ever in a mount namespace of its own.

Usage: unshare --mount --propagation private testing/bench/nss/sssd.py CONF PASSWD GROUP NAME… -- GROUPNAME…
Serves the accounts of the files PASSWD and GROUP as CONF says, and prints what `getent -s sss` has for the names: the list of another machine.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def usable():
    """Whether this machine has an SSSD with the proxy provider and its library."""
    there = [*Path("/usr/lib").glob("*/libnss_sss.so.2"), *Path("/lib").glob("*/libnss_sss.so.2")]
    return bool(shutil.which("sssd") and there and list(Path("/usr/lib").glob("*/sssd/libsss_proxy.so")))


def start(work, conf, probe):
    """Starts it in this namespace; None, with the end of its log said, when it does not answer for the name `probe`."""
    for folder in ["/var/lib/sss", "/var/log/sssd", "/run/sssd"]:
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    for folder in ["db", "mc", "pipes/private", "gpo_cache", "keytabs", "secrets", "pubconf/krb5.include.d", "deskprofile"]:
        os.makedirs(f"/var/lib/sss/{folder}", exist_ok=True)
    os.makedirs("/etc/sssd/conf.d", exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/etc/sssd"], check=True)
    file = Path("/etc/sssd/sssd.conf")
    file.write_text(conf)
    file.chmod(0o600)
    daemon = subprocess.Popen(["sssd", "-i", "--logger=stderr"], stdout=subprocess.DEVNULL, stderr=open(work / "sssd.log", "w"))
    for _ in range(100):
        if subprocess.run(["getent", "-s", "sss", "passwd", probe], stdout=subprocess.DEVNULL).returncode == 0:
            return daemon
        if daemon.poll() is not None:
            break
        time.sleep(0.2)
    stop(daemon)
    print("SSSD does not answer here:", (work / "sssd.log").read_text()[-300:], file=sys.stderr)
    return None


def stop(daemon):
    daemon.terminate()
    daemon.wait()


def main():
    conf, passwd, group, *names = sys.argv[1:]
    users, groups = names[: names.index("--")], names[names.index("--") + 1 :]
    work = Path(tempfile.mkdtemp(prefix="sssd-"))
    daemon = None
    try:
        for file, place in ((passwd, "/etc/passwd"), (group, "/etc/group")):
            subprocess.run(["mount", "--bind", file, place], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"], check=True)
        daemon = start(work, Path(conf).read_text(), users[0])
        if daemon is None:
            return 1
        sys.stdout.flush()
        codes = [subprocess.run(["getent", "-s", "sss", base, *keys]).returncode for base, keys in (("passwd", users), ("group", groups))]
        return max(codes)
    finally:
        if daemon:
            stop(daemon)
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
