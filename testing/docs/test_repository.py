"""The documents of this repository agree with themselves and with the code."""

from pathlib import Path

import citations
import decisions
import directories
import events
import links
import metrics
import names
import options
import pytest
from tree import Tree

TREE = Tree(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("check", [links, citations, names, decisions, directories, events, metrics, options], ids=lambda check: check.__name__)
def test_no_problem(check):
    problems = check.problems(TREE)
    assert not problems, "\n" + "\n".join(problems)
