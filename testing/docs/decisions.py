"""The decisions: one number each, one line each in the index."""

import re

FOLDER = "docs/decisions/"
# Up to this number there are gaps; it and those after it have none.
FIRST_WITHOUT_GAPS = 730


def problems(tree):
    found, numbers = [], {}
    index = tree.texts.get(FOLDER + "README.md", "")
    for path, text in tree.named(".md", FOLDER).items():
        name = path[len(FOLDER):]
        if name == "README.md":
            continue
        match = re.fullmatch(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md", name)
        if not match:
            found.append(f"{path}: a name is NNNN-what-was-decided.md")
            continue
        if match[1] in numbers:
            found.append(f"{path}: {numbers[match[1]]} has the number, too")
        numbers[match[1]] = path
        if not re.match(rf"# {match[1]} \S", text):
            found.append(f"{path}: the first line is '# {match[1]} What was decided'")
        if (count := index.count(f"]({name})")) != 1:
            found.append(f"{path}: is {count} times in the index")
    last = max([int(number) for number in numbers], default=0)
    for number in range(FIRST_WITHOUT_GAPS, last):
        if f"{number:04}" not in numbers:
            found.append(f"{FOLDER}: there is no {number:04}, and numbers have no gaps any more")
    if f"**{last + 1:04}**" not in index:
        found.append(f"{FOLDER}README.md: the next number is **{last + 1:04}**")
    return found
