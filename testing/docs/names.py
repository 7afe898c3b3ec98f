"""Names in documents that explain the code: each is in the code. And no name in the API is one that the glossary rules out."""

import re

from tree import line, table, without_code

PAGES = ("SECURITY.md", "docs/architecture.md", "docs/glossary.md")
API = "bundles/ground/api/src/main/java/"
TERMS = "Terms"
EXCEPTIONS = "To be renamed"
CODE = re.compile(r"`([^`\n]+)`")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")
SOURCE = re.compile(r"[\w/-]+\.(?:c|h|py|java)")
PLACE = re.compile(r"(?:bundles|distro|docs|runtime|testing)/[\w./-]+")
TYPE = re.compile(r"[A-Z]\w*[a-z]\w*(?:\.[A-Z]\w*[a-z]\w*)*")
PACKAGE = re.compile(r"himmelblau(?:\.(?!conf\b)[a-z0-9]+)+")
# Named like Java types, but words of PAM, systemd or a protocol.
FOREIGN = {"GetMemberships"}


def problems(tree):
    found = []
    for page in PAGES:
        if page not in tree.texts:
            found.append(f"{page}: is missing")
            continue
        text = without_code(tree.texts[page])
        for match in CODE.finditer(text):
            if not _known(tree, match[1]):
                found.append(f"{page}:{line(text, match.start())}: nothing in the code is called {match[1]}")
    return found + _sources(tree) + _ruled_out(tree)


def _sources(tree):
    """Source files that the other pages name, such as a README the files of its folder."""
    found = []
    for page, text in tree.named(".md").items():
        if page in PAGES or page.startswith(("docs/decisions/", "docs/reference/")) or page == "CHANGELOG.md":
            continue  # these tell of what was, or of other projects
        for match in CODE.finditer(text := without_code(text)):
            if SOURCE.fullmatch(match[1]) and not _known(tree, match[1]):
                found.append(f"{page}:{line(text, match.start())}: there is no {match[1]}")
    return found


def _known(tree, code):
    if TYPE.fullmatch(code) and code not in FOREIGN:
        return all(part in tree.types for part in code.split("."))
    if PLACE.fullmatch(code):
        return tree.exists(code)
    if SOURCE.fullmatch(code):
        return any(path == code or path.endswith("/" + code) for path in tree.texts)
    return not PACKAGE.fullmatch(code) or code in tree.packages


def _ruled_out(tree):
    found = []
    glossary = tree.texts.get("docs/glossary.md", "")
    instead = {}
    for row in table(glossary, TERMS):
        for words in row[3].split(","):
            if words.strip(" -–—"):
                instead[words.strip().lower()] = row[0]
    if not instead:
        found.append("docs/glossary.md: no words are ruled out")
    exceptions = {name for row in table(glossary, EXCEPTIONS) for name in CODE.findall(row[0])}
    for path, text in tree.named(".java", API).items():
        for name in {path.rsplit("/", 1)[1][:-5], *re.findall(r"\b(?:class|enum|interface|record)\s+([A-Z]\w*)", text)} - {"package-info"}:
            parts = [part.lower() for part in WORD.findall(name)]
            used = [word for word in instead if word.split() == parts or word in parts or " ".join(parts) == word]
            if used and name not in exceptions:
                found.append(f"{path}: {name} says {used[0]}; the glossary says {instead[used[0]]}")
    api = {name for text in tree.named(".java", API).values() for name in re.findall(r"\b(?:class|enum|interface|record)\s+([A-Z]\w*)", text)}
    for name in sorted(exceptions):
        parts = [part.lower() for part in WORD.findall(name)]
        if name not in api or not any(word in parts for word in instead):
            found.append(f"docs/glossary.md: {name} needs no exception any more")
    return found
