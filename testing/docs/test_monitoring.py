"""The shipped alerts, in the real promtool (testing/install-deps monitoring); and that its test knows each of them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
RULES = HERE.parents[1] / "distro/monitoring/himmelblau.rules.yml"
TESTS = HERE / "himmelblau.rules.test.yml"
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")


def promtool(*words):
    if not PROMTOOL:
        pytest.skip("promtool is not installed: testing/install-deps monitoring")
    done = subprocess.run([PROMTOOL, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_are_valid():
    promtool("check", "rules", RULES)


def test_alerts_fire_when_they_should(tmp_path):
    for file in (RULES, TESTS):
        shutil.copy(file, tmp_path)
    promtool("test", "rules", tmp_path / TESTS.name)


def test_each_alert_has_a_test():
    alerts = set(re.findall(r"alert: (\w+)", RULES.read_text(encoding="utf-8")))
    tests = TESTS.read_text(encoding="utf-8")
    assert len(alerts) >= 6
    for alert in alerts:
        assert f"alertname: {alert}\n" in tests and f"alertname: {alert}}}" in tests, f"{alert}: one that fires, and one that does not"
