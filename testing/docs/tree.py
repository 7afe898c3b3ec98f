"""The text files of a source tree."""

import os
import re
from functools import cached_property
from pathlib import Path

# Made by builds and tests.
SKIPPED = {".git", ".m2", ".venv", "__pycache__", "node_modules", "target"}

# Where a comment may go on in its next line.
GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*(?:\*(?!/)|//|#)?[ \t]*)"

JAVA_TYPE = re.compile(r"\b(?:class|enum|interface|record)\s+([A-Z]\w*)")
PYTHON_TYPE = re.compile(r"^class ([A-Z]\w*)", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)


class Tree:
    """Paths are relative to the root, with slashes."""

    def __init__(self, root):
        self.root = Path(root)

    @cached_property
    def texts(self):
        """Path to text of every file that is UTF-8."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(set(folders) - SKIPPED)
            for name in sorted(names):
                file = Path(folder, name)
                if file.is_symlink() or not file.is_file():
                    continue
                try:
                    found[file.relative_to(self.root).as_posix()] = file.read_bytes().decode()
                except UnicodeDecodeError:
                    continue
        return found

    def named(self, suffix, under=""):
        return {path: text for path, text in self.texts.items() if path.endswith(suffix) and path.startswith(under)}

    @cached_property
    def types(self):
        """Names of all types that Java and Python sources declare."""
        java = {name for text in self.named(".java").values() for name in JAVA_TYPE.findall(text)}
        return java | {name for text in self.named(".py").values() for name in PYTHON_TYPE.findall(text)}

    @cached_property
    def packages(self):
        """Names of all Java packages, and of those above them."""
        found = set()
        for path in self.named(".java"):
            if match := re.search(r"/src/(?:main|test)/java/(.+)/[^/]+$", path):
                parts = match[1].split("/")
                found |= {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
        return found

    def exists(self, path):
        return (self.root / path).exists()


def without_code(text):
    """Blocks of code become blank, so that line numbers stay."""
    return FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def headings(text):
    return [match[2] for match in HEADING.finditer(without_code(text))]


def line(text, offset):
    return text.count("\n", 0, offset) + 1


def table(text, title):
    """Cells of the rows of the table below the heading that begins with title."""
    rows, inside, level = [], False, 0
    for row in text.splitlines():
        if match := HEADING.match(row):
            if inside and len(match[1]) <= level:
                break
            if match[2].startswith(title):
                inside, level = True, len(match[1])
        elif inside and row.startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))])
    return [row for row in rows[1:] if not set(row[0]) <= set("-: ")]
