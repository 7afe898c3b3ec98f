"""The NixOS expressions: parsed, evaluated against a stand-in for nixpkgs, and the install phase run on a tarball."""

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import small_stage

ROOT = Path(__file__).resolve().parents[2]
NIX = ROOT / "distro/nix"
pytestmark = pytest.mark.skipif(not shutil.which("nix-instantiate"), reason="needs nix-bin")


@pytest.fixture
def nix(tmp_path):
    environment = {**os.environ, "NIX_STATE_DIR": str(tmp_path / "state"), "NIX_STORE_DIR": str(tmp_path / "store"), "HOME": str(tmp_path)}

    def run(*words, check=True):
        done = subprocess.run(["nix-instantiate", *map(str, words)], capture_output=True, text=True, timeout=60, env=environment, check=False)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    return run


def evaluated(nix, settings, what):
    expression = f"(import {ROOT}/distro/test/nixpkgs.nix).evaluate {settings}"
    return json.loads(nix("--eval", "--strict", "--json", "--expr", f"({expression}).{what}").stdout)


SETTINGS = """{ enable = true; tarball = "/tarball"; settings = {
  global = { domain = "example.com"; enable_hello = false; hello_pin_min_length = 8; };
  "example.com".idmap_range = "200000-300000"; }; }"""


def test_both_parse(nix):
    for file in (NIX / "module.nix", NIX / "package.nix", ROOT / "distro/test/nixpkgs.nix"):
        nix("--parse", file)


def test_off_does_nothing(nix):
    assert evaluated(nix, "{ }", "config") == {}


def test_configuration_users_and_names(nix):
    config = evaluated(nix, SETTINGS, "config")
    assert config["environment"]["etc"]["himmelblau/himmelblau.conf"]["text"] == (
        "[example.com]\nidmap_range=200000-300000\n\n[global]\ndomain=example.com\nenable_hello=false\nhello_pin_min_length=8\n"
    )
    assert [a["assertion"] for a in config["assertions"]] == [True]
    assert evaluated(nix, "{ enable = true; tarball = \"/t\"; }", "config.assertions")[0]["assertion"] is False
    assert config["system"]["nssDatabases"] == {name: {"after": ["himmelblau"]} for name in ("passwd", "group", "shadow")}
    units = "".join((ROOT / "distro/systemd" / f"{name}.service").read_text() for name in ("himmelblaud", "himmelblau-userdb"))
    for name in config["users"]["users"]:
        assert f"User={name}\n" in units
        assert name in config["users"]["groups"]
    for line in units.splitlines():
        if line.startswith("SupplementaryGroups="):
            assert set(line.split("=")[1].split()) <= set(config["users"]["groups"])


def test_pam_rules_are_those_of_the_other_systems(nix):
    services = evaluated(nix, SETTINGS, "config.security.pam.services")
    assert sorted(services) == ["login", "passwd", "sshd", "su", "sudo"]
    lines = {}
    for line in (ROOT / "distro/pam/authselect/system-auth").read_text().splitlines():
        if "pam_himmelblau.so" in line:
            before, options = line.split(" pam_himmelblau.so")
            stack, control = before.split(None, 1)
            lines[stack] = (control.strip(), options.split())
    for name, service in services.items():
        for stack, (control, options) in lines.items():
            rule = service["rules"][stack]["himmelblau"]
            assert rule["control"] == control
            assert rule["args"] == options + (["mfa_poll_prompt"] if (name, stack) == ("sshd", "auth") else [])
            assert rule["modulePath"] == "/store/himmelblau-unstable/lib/security/pam_himmelblau.so"
            assert (rule["order"] > 50000) == (stack == "session") and (rule["order"] < 10000) == (stack != "session")


def test_every_unit_is_wanted_as_its_file_says(nix):
    units = {
        **{f"{name}.service": unit for name, unit in evaluated(nix, SETTINGS, "config.systemd.services").items()},
        **{f"{name}.path": unit for name, unit in evaluated(nix, SETTINGS, "config.systemd.paths").items()},
    }
    for path in [*(ROOT / "distro/systemd").glob("*.service"), *(ROOT / "distro/systemd").glob("*.path")]:
        wanted = [line.split("=")[1] for line in path.read_text().splitlines() if line.startswith("WantedBy=")]
        assert units.get(path.name, {"wantedBy": []})["wantedBy"] == wanted, path.name
    assert set(units) <= {path.name for path in (ROOT / "distro/systemd").iterdir()}


def test_the_install_phase(nix, tmp_path):
    stage = small_stage.lay(tmp_path / "stage")
    for file in ("one", "two"):
        subprocess.run(
            [NIX / "tarball", "--stage", stage, tmp_path / file], check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1800000000"}
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with tarfile.open(tmp_path / "one") as tarball:
        tarball.extractall(tmp_path / "unpacked")  # noqa: S202 - made a moment ago
    phase = json.loads(nix("--eval", "--strict", "--json", "--expr", f"((import {ROOT}/distro/test/nixpkgs.nix).pkgs.callPackage {NIX}/package.nix {{ src = \"/t\"; }}).installPhase").stdout)
    out = tmp_path / "out"
    functions = 'runHook() { :; }; substituteInPlace() { sed -i "s|$3|$4|g" "$1"; }; set -eu; out=' + str(out)
    subprocess.run(["bash", "-c", f"{functions}\n{phase}"], cwd=tmp_path / "unpacked/himmelblau", check=True)
    for name in ("lib/security/pam_himmelblau.so", "lib/libnss_himmelblau.so.2", "bin/aad-tool", "share/man/man1/aad-tool.1",
                 "bin/himmelblaud", "bin/himmelblaud_tasks", "lib/tmpfiles.d/himmelblaud.conf"):  # fmt: skip
        assert (out / name).exists(), name
    assert not list(out.rglob("*.aot"))
    units = [path for path in (out / "lib/systemd/system").iterdir() if path.is_file()]
    assert {unit.name for unit in units} == {path.name for path in (ROOT / "distro/systemd").iterdir() if path.suffix in (".service", ".path")}
    for unit in units:
        text = unit.read_text()
        assert "/usr/lib/himmelblau" not in text
        for line in text.splitlines():
            if line.startswith("ExecStart="):
                assert Path(line.split("=", 1)[1].split()[0]).is_relative_to(out)
    assert "ExecReload=/store/util-linux/bin/kill -HUP" in (out / "lib/systemd/system/himmelblaud.service").read_text()
