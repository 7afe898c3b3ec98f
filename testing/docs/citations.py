"""Citations of the reference, of decisions and of documents, in code as in prose: each one leads somewhere."""

import posixpath
import re

from tree import GAP, headings, line

REFERENCE = "docs/reference/"
DECISIONS = "docs/decisions/"
NUMBER = r"\d+(?:\.\d+)*|appendix [A-Z]"
AND = rf"(?:,{GAP}and{GAP}|,{GAP}|{GAP}and{GAP}|{GAP}to{GAP})"
DECISION = re.compile(rf"\b[Dd]ecisions?{GAP}(\d{{4}}(?:{AND}\d{{4}})*)")
DECISION_BY_PATH = re.compile(r"(?<![(\w/.])(?:\./)?docs/decisions/\d{4}[\w.-]*")
LINK_TO_DECISION = re.compile(r"\[(\d{4})\]\([^)]*?/?(\d{4})-[a-z0-9-]+\.md\)")
DOCUMENT = re.compile(rf"(?<![\w./-])(`?)((?:docs/)?[\w/-]+\.md)`?(?:,?{GAP}section{GAP}(\d+(?:\.\d+)*))?")


def numbers(text):
    """Numbers of the headings: 2, 2.6, appendix A."""
    found = set()
    for heading in headings(text):
        if match := re.match(r"(\d+(?:\.\d+)*)\.?(?:\s|$)", heading):
            found.add(match[1])
        elif match := re.match(r"Appendix ([A-Z])\b", heading):
            found.add(f"appendix {match[1]}")
    return found


def problems(tree):
    found = []
    cited = {path[len(REFERENCE):-3]: text for path, text in tree.named(".md", REFERENCE).items() if not path.endswith("README.md")}
    known = {name: numbers(text) for name, text in cited.items()}
    decisions = {match[1] for path in tree.named(".md", DECISIONS) if (match := re.match(r"(\d{4})-", path[len(DECISIONS):]))}
    for path, text in tree.texts.items():
        if path.startswith("testing/docs/"):
            continue  # speaks about citations

        def report(offset, problem):
            found.append(f"{path}:{line(text, offset)}: {problem}")

        for name in known:
            _reference(name, known[name], cited[name], path, text, report)
        for match in DECISION.finditer(text):
            for number in re.findall(r"\d{4}", match[1]):
                if number not in decisions:
                    report(match.start(), f"there is no decision {number}")
        for match in DECISION_BY_PATH.finditer(text):
            report(match.start(), f"{match[0]}: write decision NNNN, or a link")
        for match in LINK_TO_DECISION.finditer(text):
            if match[1] != match[2]:
                report(match.start(), f"a link called {match[1]} leads to decision {match[2]}")
        _documents(tree, path, text, report)
    return found


def _reference(name, known, cited, path, text, report):
    spelled = name.replace("-", "[- ]")
    for match in re.finditer(rf"(?<![\w/.-]){spelled}\b(?!\.md|/|-)(?:{GAP}({NUMBER})((?:{AND}(?:{NUMBER}))*)(?:,{GAP}rule{GAP}(\d+))?)?", text, re.IGNORECASE):
        if not match[1]:
            if not path.startswith(REFERENCE) and "-" in match[0]:
                report(match.start(), f"{name} is cited without the number of a section")
            continue
        if not match[0].startswith(name):
            report(match.start(), f"write {name} {match[1]}")
        sections = [match[1], *re.findall(NUMBER, match[2])]
        for section in sections:
            if section not in known:
                report(match.start(), f"{name} has no section {section}")
        if match[3] and not _has_rule(cited, match[1], match[3]):
            report(match.start(), f"{name} {match[1]} has no rule {match[3]}")


def _has_rule(text, section, rule):
    match = re.search(rf"^#+ {re.escape(section)}\.?\s.*?(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return bool(match and re.search(rf"^{rule}\. ", match[0], re.MULTILINE))


def _documents(tree, path, text, report):
    for match in DOCUMENT.finditer(text):
        places = [match[2], posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2]))]
        document = next((tree.texts[place] for place in places if place in tree.texts), None)
        if document is None:
            if match[2].startswith("docs/"):
                report(match.start(), f"there is no {match[2]}")
        elif match[3] and match[3] not in numbers(document):
            report(match.start(), f"{match[2]} has no section {match[3]}")
