"""What is in the packages: every file listed, no program that an older system could not run, and how lintian finds them."""

import gettext
import re
import subprocess

import pytest
from debs import ROOT

NEWEST_GLIBC = (2, 34)
# What every system has; all else is loaded at run time, with a message when it is absent.
LIBRARIES = re.compile(r"(libc|libm|libdl|libpthread|librt|libpam|ld-linux-[\w-]+)\.so\.\d|lib(java|jvm|jli|net|nio|zip|jimage|verify)\.so")
# What the packages of these two depend on (decision 0760), and no newer part of it than the oldest supported systems have.
BROKER_LIBRARIES = {"libsystemd.so.0", "libjansson.so.4"}
BROKER_PROGRAMS = {"himmelblau_broker", "linux-entra-sso"}
NEWEST_SYSTEMD = 249
LANGUAGES = "bundles/core/languages/src/main/resources/himmelblau/languages/languages"


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
        wrong += [f"{program.name} needs LIBSYSTEMD_{version}" for version in set(re.findall(r"LIBSYSTEMD_(\d+)", symbols)) if int(version) > NEWEST_SYSTEMD]
        needed = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
        for library in re.findall(r"NEEDED.*\[(.*)\]", needed):
            if not LIBRARIES.fullmatch(library) and not (program.name in BROKER_PROGRAMS and library in BROKER_LIBRARIES):
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


def test_the_greeter_has_its_texts_in_all_languages(unpacked):
    """By the locale's name alone, as gettext looks for them."""
    place = unpacked / "usr/share/gnome-shell/extensions/qr-greeter@himmelblau-idm.org/locale"
    catalogues = {path.parts[-3]: path for path in place.glob("*/LC_MESSAGES/himmelblau-qr-greeter.mo")}

    def said(locale):
        with catalogues[locale].open("rb") as file:
            return gettext.GNUTranslations(file).gettext("Scan with your phone")

    listed = re.findall(r"^(\S+?):?(?: (.*))?$", (ROOT / LANGUAGES).read_text(), re.MULTILINE)
    assert set(catalogues) == {name for first, others in listed if not first.startswith("#") for name in (first, *others.split())}
    assert len(catalogues) > 50
    english = {locale for locale in catalogues if said(locale) == "Scan with your phone"}
    assert english == {"en", "sr_RS@cyrillic", "uz@cyrillic", "zh_HK", "zh_MO", "zh_TW"}
    assert said("de") == "Mit Ihrem Telefon scannen"
    assert said("pt") == said("pt_BR") and said("sr") == said("sr@latin") and said("fr_CA") == said("fr")


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


def test_bill_of_materials_names_every_jar(unpacked):
    import hashlib
    import json

    bill = json.loads((unpacked / "usr/share/doc/himmelblau/sbom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    digests = {item["content"] for component in bill["components"] for item in component.get("hashes", ())}
    jars = list((unpacked / "usr/lib/himmelblau").glob("bundles/*/*.jar"))
    assert len(jars) > 40
    for jar in [*jars, unpacked / "usr/lib/himmelblau/lib/framework.jar"]:
        assert hashlib.sha256(jar.read_bytes()).hexdigest() in digests, jar.name
    assert all(component["licenses"] for component in bill["components"])
    licences = (unpacked / "usr/share/doc/himmelblau/third-party-licences.txt").read_text()
    assert all(f"{component['group']}:{component['name']} {component['version']}" in licences for component in bill["components"] if "purl" in component)
    assert list((unpacked / "usr/lib/himmelblau/java/legal").rglob("LICENSE"))


def test_completion_offers_what_the_help_lists(unpacked):
    help_text = subprocess.run([unpacked / "usr/bin/aad-tool", "help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  (\S+(?: \S+)*?)  +\S", help_text.partition("Commands:\n")[2], re.MULTILINE)
    assert len(commands) > 10
    bash = unpacked / "usr/share/bash-completion/completions/aad-tool"

    def offered(*words):
        script = 'source "$1"; shift; COMP_WORDS=(aad-tool "$@"); COMP_CWORD=$#; _aad_tool; echo "${COMPREPLY[@]}"'
        return subprocess.run(["bash", "-c", script, "-", bash, *words], capture_output=True, text=True, check=True).stdout.split()

    assert set(offered("")) == {command.split()[0] for command in commands}
    assert offered("cred", "s") == ["secret"]
    assert "--cert-out" in offered("cred", "cert", "--")
    assert "--ttl" in offered("offline-breakglass", "-")
    for shell, file in (("zsh", "usr/share/zsh/vendor-completions/_aad-tool"), ("fish", "usr/share/fish/vendor_completions.d/aad-tool.fish")):
        text = (unpacked / file).read_text()
        assert all(word in text for command in commands for word in command.split()[:2] if not word.startswith("[")), shell
