"""Relative links of Markdown files: the file is there, and so is the heading."""

import posixpath
import re

from tree import headings, line, without_code

INLINE = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINED = re.compile(r"^\[[^\]]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def anchors(text):
    """As GitHub makes them of headings."""
    found = []
    for heading in headings(text):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        count = sum(other == slug or re.fullmatch(re.escape(slug) + r"-\d+", other) is not None for other in found)
        found.append(f"{slug}-{count}" if count else slug)
    return found


def problems(tree):
    found = []
    for path, text in tree.named(".md").items():
        # The text of a link may be code; code that looks like a link is none.
        plain = CODE.sub(lambda match: "`" + "x" * (len(match[0]) - 2) + "`", without_code(text))
        for match in sorted([*INLINE.finditer(plain), *DEFINED.finditer(plain)], key=lambda m: m.start()):
            target, _, anchor = match[1].partition("#")
            if EXTERNAL.match(match[1]):
                continue
            where = f"{path}:{line(text, match.start())}"
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            if file.startswith("..") or not tree.exists(file):
                found.append(f"{where}: nothing is at {match[1]}")
            elif anchor and anchor not in anchors(tree.texts.get(file, "")):
                found.append(f"{where}: {file} has no heading for #{anchor}")
    return found
