"""Options of himmelblau.conf that no code reads yet: listed as such in the code, and said in the man page."""

import re

LIST = "testing/vectors/config/options.tsv"
UNUSED = "bundles/ground/config/src/main/java/himmelblau/config/internal/UnusedOptions.java"
MAN = "distro/man/himmelblau.conf.5"
# They declare options; to read one is something else.
DECLARATIONS = re.compile(r"bundles/ground/config/src/main/java/himmelblau/config/internal/\w*Options?\.java")
SAID = "No effect yet."


def problems(tree):
    options = [row.split("\t")[0] for row in tree.texts.get(LIST, "").splitlines() if row and not row.startswith("#")]
    if not options:
        return [f"{LIST}: no options"]
    unused = set(re.findall(r'"(\w+)"', tree.texts.get(UNUSED, "")))
    code = "\n".join(
        text for path, text in tree.texts.items()
        if path.startswith(("bundles/", "runtime/")) and path.endswith((".java", ".c", ".h")) and "/src/test/" not in path and not DECLARATIONS.fullmatch(path)
    )
    found = [f"{UNUSED}: there is no option {name}" for name in sorted(unused - set(options))]
    for name in options:
        read = re.search(rf"\b{name}\b|\"{name.replace('_', '[.]')}\"", code) is not None
        if read == (name in unused):
            found.append(f"{UNUSED}: {name} {'is read and has an effect' if read else 'is read by nothing and is not listed'}")
        page = re.search(rf"^\.B {name}\n((?:[^.\n].*\n)*)", tree.texts.get(MAN, ""), re.MULTILINE)
        if page and (SAID in page[1]) != (name in unused):
            found.append(f"{MAN}: {name} {'lacks' if name in unused else 'has'} the sentence {SAID}")
    return found
