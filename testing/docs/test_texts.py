"""The translations have the texts of the sources, all of them and no others."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_problem():
    done = subprocess.run([ROOT / "cnf/texts", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
