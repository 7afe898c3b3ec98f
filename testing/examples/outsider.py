"""What somebody outside of this project does: runs commands in a home of their own."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "testing/examples"
PLUGINS = {"papercode": "mfa", "filekeys": "keystore", "roster": "domain", "weekday": "breakglass"}


def run(*command, home=None, cwd=ROOT, text=None, timeout=240):
    environment = {**os.environ, **({"HOME": str(home), "MAVEN_OPTS": f"-Duser.home={home}"} if home else {})}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, input=text or "", capture_output=True, text=True, timeout=timeout, check=False
    )


def worked(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def guide_commands():
    """The blocks of commands in docs/writing-a-bundle.md, in their order."""
    guide = (ROOT / "docs/writing-a-bundle.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
