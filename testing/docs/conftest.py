"""A small tree for the tests of the checks: whole, until a test breaks it."""

import pytest
from tree import Tree

GLOSSARY = """# Glossary

## Terms

| Term | Meaning | Carried by | Not |
|---|---|---|---|
| user | who signs in | `User` | person |

## To be renamed

| Type | Why |
|---|---|
| `PersonEntry` | old |
"""

WHOLE = {
    "SECURITY.md": "# Security\n",
    "README.md": "# Tree\n\nSee [the walk](docs/architecture.md#the-walk) and [above](#tree).\n",
    "docs/architecture.md": "# Architecture\n\n## The walk\n\n`Reader`, `himmelblau.core`, `nss/ask.c`, `GetMemberships`.\n",
    "docs/glossary.md": GLOSSARY,
    "docs/log-events.md": "## login\n\n| Event | Level | Meaning | Fields |\n|---|---|---|---|\n| `login.ok` | info | in | `account` |\n",
    "docs/protocol/socket.md": "# Socket\n\n## 2. Frames\n",
    "docs/reference/host-behaviour.md": "# host-behaviour\n\n### 1.1 Files\n\n1. One.\n2. Two.\n\n## Appendix A. Texts\n",
    "docs/decisions/README.md": "The next number is **0731**.\n\n* [0410](0410-a-map.md)\n* [0730](0730-a-field.md)\n",
    "docs/decisions/0410-a-map.md": "# 0410 A map\n",
    "docs/decisions/0730-a-field.md": "# 0730 A field\n",
    "testing/vectors/config/options.tsv": "# name\nshell\tB\t-\nlater\tG\t-\n",
    "distro/man/himmelblau.conf.5": ".TP\n.B shell\nThe shell.\n.TP\n.B later\nSeconds. No effect yet.\n",
    "bundles/ground/config/src/main/java/himmelblau/config/internal/UnusedOptions.java": 'class UnusedOptions { Set.of("later"); }\n',
    "bundles/core/src/main/java/himmelblau/core/Config.java": "package himmelblau.core;\n\n@interface Config { String shell(); }\n",
    "nss/ask.c": "/* docs/protocol/socket.md, section 2 */\n",
    "bundles/ground/api/src/main/java/himmelblau/api/User.java": "package himmelblau.api;\n\npublic record User() {}\n",
    "bundles/ground/api/src/main/java/himmelblau/api/PersonEntry.java": "package himmelblau.api;\n\npublic record PersonEntry() {}\n",
    "bundles/core/src/main/java/himmelblau/core/Reader.java": (
        "package himmelblau.core;\n\nimport himmelblau.api.log.Log;\n\n"
        "/**\n * Reads (host-behaviour\n * 1.1, rule 2; decisions 0410\n * and 0730).\n */\nclass Reader {\n"
        '  void read() {\n    LOG.info("login.ok", "account", name(1, "x"));\n  }\n}\n'
    ),
}


@pytest.fixture
def tree(tmp_path):
    """Takes what differs from the whole tree (None: not there), gives the tree."""

    def make(differs=None):
        for path, text in {**WHOLE, **(differs or {})}.items():
            if text is not None:
                file = tmp_path / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        return Tree(tmp_path)

    return make
