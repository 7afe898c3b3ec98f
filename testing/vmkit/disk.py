"""The disk that the machine boots: made once from a root with our packages, next to its kernel and the tenant's authority."""

import hashlib
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from labkit import cache, machine, packages

TENANT_ADDRESS = "10.0.2.2"  # what QEMU's network calls the machine on which it runs
LOCAL, LOCAL_PASSWORD = "hostuser", "Kept-in-shadow-7"
SIZE = "6G"
_KEEP = 3
_FILES = Path(__file__).parent / "overlay"
_PATH = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
_CONTEXTS = "/etc/selinux/default/contexts/files/file_contexts"


@contextmanager
def disk(release, repository):
    """The directory with disk.img, vmlinuz, initrd.img, root's key, and the tenant's authority; nobody writes to it."""
    with packages.host(release, repository, machine=True) as host:
        digest = hashlib.sha256(host.name.encode())
        for path in (Path(__file__), Path(machine.__file__), *sorted(_FILES.rglob("*"))):
            if path.is_file():
                digest.update(path.read_bytes())
        plan = machine.Plan("vm", repository, release)
        name = f"{release}-{digest.hexdigest()[:16]}"
        with cache.made("disks", name, lambda directory: _make(host, plan, directory)) as made:
            cache.forget_old("disks", _KEEP)
            yield made


def _make(host, plan, directory):
    cache.say(f"making the disk of {host.name}")
    directory.mkdir()
    root = directory / "root"
    # A copy: the labels that SELinux wants are the disk's alone.
    subprocess.run(["cp", "-a", host, root], check=True)
    machine.make_authority(directory, days=3650)
    machine.settle(root, plan, directory, TENANT_ADDRESS)
    shutil.copytree(_FILES, root, symlinks=True, dirs_exist_ok=True)
    for place in ("var/log/journal", "root/.ssh"):
        (root / place).mkdir(exist_ok=True, mode=0o700 if "ssh" in place else 0o755)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "vm", "-f", directory / "key"], check=True)
    shutil.copy(directory / "key.pub", root / "root/.ssh/authorized_keys")
    _inside(
        root,
        "systemctl enable vm-network.service auditd.service serial-getty@ttyS1.service",
        f"useradd -m -s /bin/bash {LOCAL} && echo {LOCAL}:{LOCAL_PASSWORD} | chpasswd",
        # With all modules of all machines, a boot would take half as long again.
        "printf 'MODULES=list\\n' >/etc/initramfs-tools/conf.d/vm && printf 'virtio_pci\\nvirtio_blk\\next4\\n' >>/etc/initramfs-tools/modules",
        "mount -t proc proc /proc && update-initramfs -u -k all",
        # These confine nothing, and compiling them takes minutes in there.
        "cd /etc/apparmor.d; for profile in $(grep -ls -d skip 'flags=(.*unconfined' ./*); do ln -s ../$profile disable/; done",
        "sed -i 's/^SELINUX=.*/SELINUX=enforcing/' /etc/selinux/config",
        # The kernel that runs here has no SELinux: the labels are written as any other attribute.
        f"setfiles -F {_CONTEXTS} / >/tmp/setfiles.log 2>&1 || {{ tail -n 5 /tmp/setfiles.log >&2; exit 1; }}; rm -f /tmp/setfiles.log",
    )
    for name in ("vmlinuz", "initrd.img"):
        shutil.copy(next((root / "boot").glob(f"{name}-*")), directory / name)
    cache.run(["mke2fs", "-q", "-t", "ext4", "-d", root, directory / "disk.img", SIZE])
    shutil.rmtree(root)


def _inside(root, *scripts):
    for script in scripts:
        cache.run(["chroot", root, "/bin/sh", "-ec", script], env=_PATH)
