"""What is in the packages: every file listed, no program that an older system could not run, and how lintian finds them."""

import re
import subprocess

import pytest
from debs import ROOT

NEWEST_GLIBC = (2, 34)
# What every system has; all else is loaded at run time, with a message when it is absent.
LIBRARIES = re.compile(r"(libc|libm|libdl|libpthread|librt|libpam|ld-linux-[\w-]+)\.so\.\d|lib(java|jvm|jli|net|nio|zip|jimage|verify)\.so")


def programs(unpacked):
    for path in sorted(unpacked.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def test_no_program_needs_a_newer_glibc_or_another_library(unpacked):
    seen, wrong = 0, []
    for program in programs(unpacked):
        seen += 1
        symbols = subprocess.run(["objdump", "-T", program], capture_output=True, text=True, check=False).stdout
        for version in set(re.findall(r"GLIBC_(\d+\.\d+)", symbols)):
            if tuple(map(int, version.split("."))) > NEWEST_GLIBC:
                wrong.append(f"{program.name} needs GLIBC_{version}")
        needed = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
        for library in re.findall(r"NEEDED.*\[(.*)\]", needed):
            if not LIBRARIES.fullmatch(library):
                wrong.append(f"{program.name} needs {library}")
    assert seen >= 15
    if any("libjvm" in line or "libjava" in line for line in wrong) and b"Debian" in (unpacked / "usr/lib/himmelblau/java/release").read_bytes():
        pytest.skip("built with Debian's own JDK, which runs on this release and later only; the control file says so")
    assert wrong == []


def test_every_file_is_listed(unpacked):
    listed = subprocess.run([ROOT / "distro/stage", "deb", "--list"], capture_output=True, text=True, check=True).stdout
    targets = [line.split(" ", 1)[1] for line in listed.splitlines()]
    added = re.compile(r"/usr/share/(doc/[^/]+/(copyright|changelog.*|README.*|.*\.md)|lintian/overrides/.*)$")
    for path in unpacked.rglob("*"):
        name = "/" + str(path.relative_to(unpacked))
        if path.is_dir() and not path.is_symlink() or added.match(name):
            continue
        plain = re.sub(r"\.gz$", "", name)
        assert any(plain == target or target.endswith("/") and name.startswith(target) for target in targets), name


def test_class_archive_fits_the_files(unpacked, tmp_path):
    """A jar with another time or size than when the archive was made, and the archive is not used: a start takes thrice as long."""
    home = unpacked / "usr/lib/himmelblau"
    if not list((home / "lib").glob("*.aot")):
        pytest.skip("this JDK makes archives of the older kind")
    jars = [home / "lib/launcher.jar", home / "lib/framework.jar", *sorted((home / "bundles/tasks").glob("*.jar"))]
    done = subprocess.run(
        [home / "java/bin/java", f"@{home}/lib/jvm.options", f"-XX:AOTCache={home}/lib/tasks.aot", "-XX:AOTMode=on", "-cp", ":".join(map(str, jars)), "-version"],
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_lintian_finds_no_error(debs):
    done = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", "--suppress-tags",
         "uses-no-compression-for-data-tarball,uses-no-compression-for-control-tarball", *debs],
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout
