"""The API is compared with the one that outsiders compile against: a change that breaks them needs a new major version."""

import os
import subprocess

import pytest
from outsider import ROOT

USER = "bundles/ground/api/src/main/java/himmelblau/api/account/DirectoryUser.java"
PACKAGE = "bundles/ground/api/src/main/java/himmelblau/api/account/package-info.java"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of this tree's files."""
    folder = tmp_path_factory.mktemp("tree")
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--", "*pom.xml", "*bnd.bnd", "cnf", "bundles/ground/api"], capture_output=True, check=True).stdout
    archive = subprocess.run(["tar", "-C", ROOT, "--null", "-T", "-", "-c"], input=names, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-C", folder, "-x"], input=archive, check=True)
    return folder


@pytest.fixture
def edited(tree):
    """Replaces text in a file of the tree until the test ends."""
    before = {}

    def edit(path, old, new):
        text = (tree / path).read_text(encoding="utf-8")
        assert old in text, (path, old)
        before.setdefault(path, text)
        (tree / path).write_text(text.replace(old, new), encoding="utf-8")

    yield edit
    for path, text in before.items():
        (tree / path).write_text(text, encoding="utf-8")


def build(tree):
    home = subprocess.run([ROOT / "runtime/image/find-jdk"], capture_output=True, text=True, check=True).stdout.strip()
    command = ["mvn", "-B", "-ntp", "-q", "-Dquick", "-DskipTests", "-pl", "bundles/ground/api", "verify"]
    done = subprocess.run(command, cwd=tree, env={**os.environ, "JAVA_HOME": home}, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_tree_as_it_is(tree):
    code, said = build(tree)
    assert code == 0, said


def test_a_removed_method_needs_a_new_major_version(tree, edited):
    edited(USER, " provisional(", " provisionally(")
    code, said = build(tree)
    assert code != 0 and "Baseline problems detected" in said and "himmelblau.api.account" in said, said
    version = (tree / PACKAGE).read_text(encoding="utf-8").split('@Version("')[1].split('"')[0]
    edited(PACKAGE, f'@Version("{version}")', f'@Version("{int(version.split(".")[0]) + 1}.0.0")')
    code, said = build(tree)
    assert code == 0, said


def test_an_added_method_needs_a_new_minor_version(tree, edited):
    edited(USER, "  public static DirectoryUser provisional(", "  /** Of a test. */\n  public static int added() {\n    return 1;\n  }\n\n  public static DirectoryUser provisional(")
    code, said = build(tree)
    assert code != 0 and "Baseline problems detected" in said, said
