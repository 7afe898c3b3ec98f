"""Options of a plug-in's own at himmelblaud --configtest: in the built image, without a host."""

import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from outsider import ROOT, run, worked

IMAGE = ROOT / "runtime/target/image"
OPTION = "weekday_from_hour"


@pytest.fixture
def image():
    """The image with a plug-in folder of its own: in root's home, since a plug-in below /tmp is not loaded."""
    folder = Path(tempfile.mkdtemp(prefix="himmelblau-image-", dir=Path.home()))
    for part in IMAGE.iterdir():
        if part.name != "plugins":
            (folder / part.name).symlink_to(part)
    (folder / "plugins").mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def installed(image, jars):
    """The image with the plug-in weekday in it."""
    shutil.copyfile(jars["weekday"], image / "plugins/weekday.jar")
    return image


def configtest(image, line=""):
    conf = image / "himmelblau.conf"
    conf.write_text(f"[global]\ndomain = example.org\n{line}\n", encoding="utf-8")
    done = run("env", f"HIMMELBLAU_HOME={image}", image / "bin/himmelblaud", "--configtest", "--config", conf)
    worked(done)
    return done.stderr


def renamed(jar, name, target):
    """The same plug-in under another name."""
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "META-INF/MANIFEST.MF":
                content = re.sub(rb"(?m)^(Bundle-SymbolicName: ).*?\r?$", rb"\g<1>" + name.encode(), content)
            new.writestr(entry, content)


def test_an_installed_plug_in_makes_its_options_known(installed):
    said = configtest(installed, f"{OPTION} = 14")
    assert "unknown option" not in said and "# error" not in said
    assert re.search(rf"^{OPTION} = 14    # .*himmelblau\.conf:3$", said, re.MULTILINE)
    assert re.search(r"^weekday_name = friday$", said, re.MULTILINE), "the default"


def test_without_the_plug_in_its_options_are_unknown(image):
    said = configtest(image, f"{OPTION} = 14")
    assert re.search(rf"^# warning: .*himmelblau\.conf:3: unknown option {OPTION}$", said, re.MULTILINE)
    assert "weekday_name" not in said


@pytest.mark.parametrize("line, expected", [(f"{OPTION} = noon", "a decimal number"), ("weekday_name = caturday", "one of monday, tuesday")])
def test_a_value_of_the_wrong_type_is_reported(installed, line, expected):
    said = configtest(installed, line)
    name, _, value = line.split()
    assert re.search(rf'^# error: .*himmelblau\.conf:3: {name} = "{value}" is not valid; expected {expected}', said, re.MULTILINE)
    assert re.search(rf"^{name} = (12|friday)$", said, re.MULTILINE), "the default counts"


def test_a_jar_that_others_may_write_declares_nothing(installed):
    (installed / "plugins/weekday.jar").chmod(0o664)
    said = configtest(installed, f"{OPTION} = 14")
    assert f"unknown option {OPTION}" in said
    assert "plugin.ignored" in said and "weekday_name" not in said


def test_of_two_plug_ins_with_one_option_the_first_counts(installed, jars):
    renamed(jars["weekday"], "example.second", installed / "plugins/z-second.jar")
    said = configtest(installed, f"{OPTION} = 14")
    assert re.search(rf"^{OPTION} = 14 ", said, re.MULTILINE)
    reported = f"{OPTION} is already an option of the bundle example.weekday 1.0.0. The declaration of example.second 1.0.0 is not used."
    assert re.search(rf"^# error: bundle example\.second 1\.0\.0, OSGI-INF/himmelblau\.options:\d+: {re.escape(reported)}$", said, re.MULTILINE)
