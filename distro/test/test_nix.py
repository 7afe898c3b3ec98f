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
    for file in (NIX / "module.nix", NIX / "package.nix", NIX / "programs.nix", ROOT / "distro/test/nixpkgs.nix"):
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


def test_single_sign_on_and_menu_entries_are_for_who_wants_them(nix):
    plain = evaluated(nix, SETTINGS, "config")
    assert list(plain["environment"]["etc"]) == ["himmelblau/himmelblau.conf"]
    assert plain["services"]["dbus"]["packages"] == plain["programs"]["firefox"]["nativeMessagingHosts"]["packages"] == []
    wanted = evaluated(nix, SETTINGS.replace("enable = true;", "enable = true; sso = true; o365 = true;", 1), "config")
    sso, o365 = "/store/himmelblau-sso-unstable", "/store/himmelblau-o365-unstable"
    manifests = {f"{browser}/native-messaging-hosts/linux_entra_sso.json" for browser in ("chromium", "opt/chrome")}
    assert {name: file["source"] for name, file in wanted["environment"]["etc"].items() if "source" in file} == {
        **{name: f"{sso}/etc/{name}" for name in manifests}, "o365.conf": f"{o365}/etc/o365.conf",
    }
    assert wanted["environment"]["systemPackages"] == [*plain["environment"]["systemPackages"], sso, o365]
    assert wanted["systemd"]["packages"] == [*plain["systemd"]["packages"], sso]
    assert wanted["services"]["dbus"]["packages"] == wanted["programs"]["firefox"]["nativeMessagingHosts"]["packages"] == [sso]


def phase(nix, file, arguments=""):
    expression = f"((import {ROOT}/distro/test/nixpkgs.nix).pkgs.callPackage {NIX}/{file} {{ src = \"/t\"; {arguments} }}).installPhase"
    return json.loads(nix("--eval", "--strict", "--json", "--expr", expression).stdout)


def install(text, source, out):
    functions = 'runHook() { :; }; substituteInPlace() { sed -i "s|$3|$4|g" "$1"; }; set -eu; out=' + str(out)
    subprocess.run(["bash", "-c", f"{functions}\n{text}"], cwd=source, check=True)


def unpacked(stage, tmp_path):
    subprocess.run([NIX / "tarball", "--stage", stage, tmp_path / "t"], check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1800000000"})
    with tarfile.open(tmp_path / "t") as tarball:
        tarball.extractall(tmp_path / "parts")  # noqa: S202 - made a moment ago
    return tmp_path / "parts/himmelblau"


def test_the_parts_for_sessions(nix, tmp_path):
    source = unpacked(small_stage.lay(tmp_path / "stage"), tmp_path)
    sso, o365 = tmp_path / "sso", tmp_path / "o365"
    install(phase(nix, "programs.nix", 'part = "sso";'), source, sso)
    install(phase(nix, "programs.nix", 'part = "o365";'), source, o365)
    for manifest in ("lib/mozilla", "etc/chromium", "etc/opt/chrome"):
        path = Path(json.loads((sso / manifest / "native-messaging-hosts/linux_entra_sso.json").read_text())["path"])
        assert path == sso / "bin/linux-entra-sso" and path.exists()
    for service in ("share/dbus-1/services/com.microsoft.identity.broker1.service", "lib/systemd/user/himmelblau-broker.service"):
        program, = (line.split("=")[1] for line in (sso / service).read_text().splitlines() if line.startswith(("Exec=", "ExecStart=")))
        assert Path(program) == sso / "bin/himmelblau_broker" and Path(program).exists()
    assert "ExecStop=/run/current-system/sw/bin/aad-tool sso forget" in (sso / "lib/systemd/user/himmelblau-sso-forget.service").read_text()
    assert (o365 / "bin/o365-url-handler").exists() and (o365 / "etc/o365.conf").exists()
    assert len(list((o365 / "share/applications").glob("*.desktop"))) == 8
    install(phase(nix, "package.nix"), source, tmp_path / "main")
    assert not list((tmp_path / "main").rglob("*broker*")), "the other package offers nothing on the bus"


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
