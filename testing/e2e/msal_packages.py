"""MSAL for Python as it is published: fetched once for this machine, beside the roots of labs."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from running_lab import ROOT

sys.path.insert(0, str(ROOT / "testing"))

from labkit import cache  # noqa: E402

REQUIREMENTS = Path(__file__).with_name("msal") / "requirements.txt"
# Of the root debian-13-msal, not of this machine.
TARGET = (
    "--implementation", "cp", "--python-version", "3.13", "--only-binary", ":all:", "--no-deps",
    *(f"--platform=manylinux_2_{glibc}_x86_64" for glibc in (35, 34, 28, 17)), "--platform=manylinux2014_x86_64",
)


def packages():
    """Context manager: a directory for PYTHONPATH."""
    digest = hashlib.sha256(repr((REQUIREMENTS.read_text(encoding="utf-8"), TARGET)).encode()).hexdigest()[:12]
    return cache.made("python", f"msal-{digest}", _fetch)


def _fetch(directory):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "-q", "--disable-pip-version-check", "--target", directory, *TARGET, "-r", REQUIREMENTS], check=True)
