"""Log events: those of the Java sources, and docs/log-events.md, which lists them."""

import re

from tree import HEADING, line

PAGE = "docs/log-events.md"
SPELLING = re.compile(r"[a-z][a-z0-9]*(?:\.[a-z0-9_]+|\.\*)+")
CALL = re.compile(r"\b\w*log\s*(?:\.\s*audit\(\s*AuditKind\s*\.\s*(\w+)\s*,\s*AuditOutcome\s*\.\s*(\w+)\s*\)\s*)?\.\s*(info|warn|error|debug)\(", re.IGNORECASE)
# The launcher runs before the API's log is there.
PLAIN_CALL = re.compile(r"\(\s*Level\.(INFO|WARNING|ERROR|DEBUG),\s*(?=\")")
PLAIN_SOURCE = "himmelblau.launcher "
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
ALWAYS = {"audit", "cause", "conversation"}  # added by the log itself


def sources(tree):
    return {path: text for path, text in tree.named(".java").items() if "/src/main/" in path and path.startswith(("bundles/", "runtime/"))}


def logged(tree):
    """Returns {event: ({level}, {field})} and problems."""
    events, found = {}, []
    for path, text in sources(tree).items():
        if "import himmelblau.api.log.Log;" in text:
            for match in CALL.finditer(text):
                arguments = _arguments(text, match.end())
                names = _events(arguments[0])
                if not names:
                    found.append(f"{path}:{line(text, match.start())}: the name of the event is no text")
                fields = [field[0] for argument in arguments[2 if match[3] == "error" else 1::2] if (field := LITERAL.findall(argument))]
                for name in names:
                    _add(events, name, match[3], fields, f"{match[1]}/{match[2]}".lower() if match[1] else "")
        elif "System.Logger" in text and "api/log/" not in path:
            for match in PLAIN_CALL.finditer(text):
                said = "".join(LITERAL.findall(_arguments(text, match.end())[0])).removeprefix(PLAIN_SOURCE)
                marker = re.search(r" audit=(\S+)", said)
                _add(events, said.split()[0], {"WARNING": "warn"}.get(match[1], match[1].lower()), re.findall(r"\b(\w+)=", said), marker[1] if marker else "")
    return events, found


def _add(events, name, level, fields, audit=""):
    """An audit event has its kind and outcome beside its levels."""
    levels, known = events.setdefault(name, (set(), set()))
    levels.add(level)
    if audit:
        levels.add("audit/" + audit)
    known |= set(fields) - ALWAYS


def _events(argument):
    """One name, or two of which a condition chooses, or the beginning of one: task.*"""
    names = LITERAL.findall(argument)
    return [name + "*" if name.endswith(".") else name for name in names]


def _arguments(text, start):
    """The arguments of a call, from behind its parenthesis."""
    arguments, depth, begin, at = [], 0, start, start
    while at < len(text):
        if text[at] == '"':
            at = LITERAL.match(text, at).end()
            continue
        if text[at] == "'":
            at = text.index("'", at + (3 if text[at + 1] == "\\" else 2)) + 1
            continue
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif text[at] == "," and depth == 0:
            arguments.append(text[begin:at])
            begin = at + 1
        at += 1
    return [*arguments, text[begin:at]]


def listed(page):
    """Returns {event: (line, heading, {level}, {field}, meaning)} and problems."""
    events, found, heading = {}, [], ""
    for number, row in enumerate(page.splitlines(), 1):
        if match := HEADING.match(row):
            heading = match[2]
        cells = [cell.strip() for cell in row.strip().strip("|").split("|")]
        if not row.startswith("| `") or len(cells) != 4:
            continue
        name = cells[0].strip("`")
        if name in events:
            found.append(f"{PAGE}:{number}: {name} is listed twice")
        events[name] = (number, heading, set(re.split(r",\s*", cells[1])), set(re.findall(r"`([^`]+)`", cells[3])), cells[2])
    return events, found


def problems(tree):
    code, found = logged(tree)
    page, twice = listed(tree.texts.get(PAGE, ""))
    found += twice
    for name in sorted(code.keys() - page.keys()):
        found.append(f"{PAGE}: {name} is logged and not listed")
    for name, (number, heading, levels, fields, meaning) in page.items():
        where = f"{PAGE}:{number}: {name}"
        if name not in code:
            found.append(f"{where} is listed and not logged")
            continue
        if levels != code[name][0]:
            found.append(f"{where} has the level {', '.join(sorted(code[name][0]))}")
        if fields != code[name][1]:
            found.append(f"{where} has the fields {', '.join(sorted(code[name][1]))}")
        if not meaning:
            found.append(f"{where} has no meaning")
        if not SPELLING.fullmatch(name):
            found.append(f"{where} is not spelled area.event")
        elif heading != name.split(".")[0]:
            found.append(f"{where} stands under {heading}")
    return found
