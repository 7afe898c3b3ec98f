"""docs/writing-a-bundle.md, followed to the letter."""

import re
import subprocess
import time

from outsider import guide_commands, run, worked
from running_lab import LAB

NAME = "examples"


def test_the_guide_followed_to_the_letter_works(home):
    """Its commands, in its order, in one shell; the time is printed."""
    commands = guide_commands()
    assert len(commands) >= 7
    begin = time.monotonic()
    try:
        said = worked(run("bash", "-euo", "pipefail", text="".join(commands), home=home, timeout=600))
    finally:
        subprocess.run([LAB, "down", "--name", NAME], capture_output=True, check=False)
    rows = re.findall(r"^breakglass +NightshiftPolicy +active +org\.example\.nightshift\b", said, re.MULTILINE)
    assert len(rows) == 2, said
    print(f"the guide: {time.monotonic() - begin:.0f} s")
