"""Each check finds what it is for, in a small tree that has just that fault."""

import citations
import decisions
import directories
import events
import links
import names
import options
import pytest
from conftest import GLOSSARY, WHOLE
from tree import Tree

READER = "bundles/core/src/main/java/himmelblau/core/Reader.java"
API = "bundles/ground/api/src/main/java/himmelblau/api/"
PAGE = "docs/log-events.md"
INDEX = "docs/decisions/README.md"


@pytest.mark.parametrize("check", [links, citations, decisions, directories, names, events, options], ids=lambda check: check.__name__)
def test_a_whole_tree_has_no_problem(tree, check):
    assert check.problems(tree()) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a](docs/gone.md)", "README.md:1: nothing is at docs/gone.md"),
        ("\n[a](../outside.md)", "README.md:2: nothing is at ../outside.md"),
        ("[a](docs/architecture.md#the-run)", "README.md:1: docs/architecture.md has no heading for #the-run"),
        ("[a](#nowhere)", "README.md:1: README.md has no heading for #nowhere"),
        ("[a]\n\n[a]: gone.md", "README.md:3: nothing is at gone.md"),
        ("[`a`](gone.md)", "README.md:1: nothing is at gone.md"),
    ],
)
def test_links(tree, text, problem):
    assert links.problems(tree({"README.md": text})) == [problem]


@pytest.mark.parametrize("text", ["[a](https://example.com/x.md)", "`[a](gone.md)`", "```\n[a](gone.md)\n```", "# A\n# A\n[a](#a-1)", "[a](docs/)"])
def test_what_is_no_broken_link(tree, text):
    assert links.problems(tree({"README.md": text})) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("host-behaviour 1.2", "nss/ask.c:1: host-behaviour has no section 1.2"),
        ("host-behaviour 1.1, 9.9", "nss/ask.c:1: host-behaviour has no section 9.9"),
        ("host-behaviour 1.1 and\n * 9.9", "nss/ask.c:1: host-behaviour has no section 9.9"),
        ("host-behaviour appendix B", "nss/ask.c:1: host-behaviour has no section appendix B"),
        ("host-behaviour 1.1, rule 3", "nss/ask.c:1: host-behaviour 1.1 has no rule 3"),
        ("Host-behaviour 1.1", "nss/ask.c:1: write host-behaviour 1.1"),
        ("host behaviour 1.1", "nss/ask.c:1: write host-behaviour 1.1"),
        ("as host-behaviour says", "nss/ask.c:1: host-behaviour is cited without the number of a section"),
        ("\ndecision 0411", "nss/ask.c:2: there is no decision 0411"),
        ("decisions 0410, 0730 and\n// 0999", "nss/ask.c:1: there is no decision 0999"),
        ("see docs/decisions/0410", "nss/ask.c:1: docs/decisions/0410: write decision NNNN, or a link"),
        ("[0730](../docs/decisions/0410-a-map.md)", "nss/ask.c:1: a link called 0730 leads to decision 0410"),
        ("docs/protocol/socket.md, section 3", "nss/ask.c:1: docs/protocol/socket.md has no section 3"),
        ("docs/protocol/gone.md", "nss/ask.c:1: there is no docs/protocol/gone.md"),
    ],
)
def test_citations(tree, text, problem):
    assert citations.problems(tree({"nss/ask.c": text})) == [problem]


@pytest.mark.parametrize(
    ("differs", "problem"),
    [
        ({"docs/decisions/0410-another.md": "# 0410 Another\n", INDEX: WHOLE[INDEX] + "[x](0410-another.md)"}, "docs/decisions/0410-another.md: docs/decisions/0410-a-map.md has the number, too"),
        ({INDEX: "**0731** [x](0730-a-field.md)"}, "docs/decisions/0410-a-map.md: is 0 times in the index"),
        ({INDEX: WHOLE[INDEX] + "[x](0410-a-map.md)"}, "docs/decisions/0410-a-map.md: is 2 times in the index"),
        ({"docs/decisions/0410-a-map.md": "# A map\n"}, "docs/decisions/0410-a-map.md: the first line is '# 0410 What was decided'"),
        ({"docs/decisions/a-map.md": "# A map\n"}, "docs/decisions/a-map.md: a name is NNNN-what-was-decided.md"),
        ({"docs/decisions/0732-next.md": "# 0732 Next\n", INDEX: WHOLE[INDEX] + "[x](0732-next.md) **0733**"}, "docs/decisions/: there is no 0731, and numbers have no gaps any more"),
        ({INDEX: WHOLE[INDEX].replace("0731", "0800")}, "docs/decisions/README.md: the next number is **0731**"),
    ],
)
def test_decisions(tree, differs, problem):
    assert decisions.problems(tree(differs)) == [problem]


@pytest.mark.parametrize("page", ["README.md", "nss/README.md"])
def test_source_files_that_are_not_there(tree, page):
    assert names.problems(tree({page: "`nss/ask.c` and `ask.c` and\n`gone.c` and `Gone`\n"})) == [f"{page}:2: there is no gone.c"]


@pytest.mark.parametrize("code", ["Gone", "Reader.Inner", "himmelblau.gone", "nss/gone.c", "bundles/gone"])
@pytest.mark.parametrize("page", names.PAGES)
def test_names_that_are_not_in_the_code(tree, page, code):
    text = WHOLE[page].replace("# ", f"`{code}`\n# ", 1)
    assert names.problems(tree({page: text})) == [f"{page}:1: nothing in the code is called {code}"]


@pytest.mark.parametrize("declared", ["public record PersonName() {}", "interface Kept { record SavedPerson() {} }", "enum Person {}"])
def test_a_second_word_for_a_concept(tree, declared):
    path = API + "New.java"
    found = names.problems(tree({path: declared}))
    assert len(found) == 1 and found[0].startswith(path) and found[0].endswith("says person; the glossary says user")


def test_part_of_a_word_is_another_word(tree):
    assert names.problems(tree({API + "New.java": "record Personnel() {}"})) == []


def test_an_exception_that_is_not_needed(tree):
    assert names.problems(tree({API + "PersonEntry.java": None})) == [
        "docs/glossary.md:13: nothing in the code is called PersonEntry", "docs/glossary.md: PersonEntry needs no exception any more",
    ]


def test_a_glossary_that_rules_nothing_out(tree):
    assert "docs/glossary.md: no words are ruled out" in names.problems(tree({"docs/glossary.md": GLOSSARY.replace("person", "")}))


@pytest.mark.parametrize("page", names.PAGES)
def test_a_page_that_is_missing(tree, page):
    assert f"{page}: is missing" in names.problems(tree({page: None}))


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ('LOG.info("login.other")', "login.other is logged and not listed"),
        ('LOG.warn(\n    late ? "login.late" : "login.ok", "account", x)', "login.late is logged and not listed"),
        ('LOG.warn("login." + state)', "login.* is logged and not listed"),
        ("LOG.info(name)", "the name of the event is no text"),
    ],
)
def test_events_of_the_code(tree, call, problem):
    source = WHOLE[READER].replace("  void read", f"  void other() {{ {call}; }}\n  void read")
    assert [found for found in events.problems(tree({READER: source})) if found.endswith(problem)]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("login.ok", "login.gone", "docs/log-events.md:5: login.gone is listed and not logged"),
        ("| info", "| warn", "docs/log-events.md:5: login.ok has the level info"),
        ("`account`", "`user`", "docs/log-events.md:5: login.ok has the fields account"),
        ("| in |", "| |", "docs/log-events.md:5: login.ok has no meaning"),
        ("## login", "## store", "docs/log-events.md:5: login.ok stands under store"),
    ],
)
def test_the_list_of_events(tree, old, new, problem):
    assert problem in events.problems(tree({PAGE: WHOLE[PAGE].replace(old, new)}))


@pytest.mark.parametrize("name", ["signed in", "login.was-ok", "ok", "Login.ok"])
def test_the_spelling_of_events(tree, name):
    changed = {path: text.replace("login.ok", name) for path, text in WHOLE.items()}
    assert f"docs/log-events.md:5: {name} is not spelled area.event" in events.problems(tree(changed))


def test_an_event_that_is_listed_twice(tree):
    assert events.problems(tree({PAGE: WHOLE[PAGE] + WHOLE[PAGE].splitlines()[-1]})) == ["docs/log-events.md:6: login.ok is listed twice"]


def test_an_event_that_is_not_spelled_area_event(tree):
    page, source = WHOLE[PAGE].replace("login.ok", "all is well"), WHOLE[READER].replace("login.ok", "all is well")
    assert events.problems(tree({PAGE: page, READER: source})) == ["docs/log-events.md:5: all is well is not spelled area.event"]


def test_events_of_the_launcher(tree):
    source = 'import java.lang.System.Logger;\nclass Main { System.Logger l; void f() { LOG.log(Level.WARNING, "start.late by=" + x + " of=" + y); } }\n'
    code, found = events.logged(tree({"runtime/launcher/src/main/java/himmelblau/launcher/Main.java": source}))
    assert code["start.late"] == ({"warn"}, {"by", "of"}) and not found


def test_audit_events_have_kind_and_outcome_beside_the_level(tree):
    marked = WHOLE[READER].replace("LOG.info(", "LOG.audit(AuditKind.SIGN_IN, AuditOutcome.SUCCESS)\n        .info(")
    assert events.problems(tree({READER: marked})) == ["docs/log-events.md:5: login.ok has the level audit/sign_in/success, info"]
    page = WHOLE[PAGE].replace("| info", "| info, audit/sign_in/success")
    assert events.problems(tree({READER: marked, PAGE: page})) == []
    assert events.problems(tree({READER: WHOLE[READER], PAGE: page})) == ["docs/log-events.md:5: login.ok has the level info"]


def test_audit_events_of_the_launcher(tree):
    source = 'import java.lang.System.Logger;\nclass Main { System.Logger l; void f() { LOG.log(Level.INFO, "start.done by=" + x + " audit=bundle/success"); } }\n'
    code, _ = events.logged(tree({"runtime/launcher/src/main/java/himmelblau/launcher/Main.java": source}))
    assert code["start.done"] == ({"info", "audit/bundle/success"}, {"by"})


def test_what_builds_make_is_no_source(tree, tmp_path):
    tree({"target/README.md": "[a](gone.md)"})
    assert links.problems(Tree(tmp_path)) == []


@pytest.mark.parametrize(
    "differs, problem",
    [
        ({options.UNUSED: "Set.of()"}, f"{options.UNUSED}: later is read by nothing and is not listed"),
        ({options.UNUSED: 'Set.of("later", "shell")'}, f"{options.UNUSED}: shell is read and has an effect"),
        ({options.UNUSED: 'Set.of("later", "never")'}, f"{options.UNUSED}: there is no option never"),
        ({options.MAN: ".B shell\nThe shell.\n.B later\nSeconds.\n"}, f"{options.MAN}: later lacks the sentence No effect yet."),
        ({options.MAN: ".B shell\nThe shell. No effect yet.\n.B later\nSeconds. No effect yet.\n"}, f"{options.MAN}: shell has the sentence No effect yet."),
        ({options.LIST: None}, f"{options.LIST}: no options"),
    ],
)
def test_options_without_an_effect(tree, differs, problem):
    assert problem in options.problems(tree(differs))


@pytest.mark.parametrize("path", [API + "New.java", "bundles/core/login/src/main/java/himmelblau/login/New.java"])
def test_words_of_one_directory(tree, path):
    text = 'class New {\n  // like AADSTS50126\n  /** Entra\'s\n */ String a = "AADSTS50126"; ReentrantLock b; int viaEntra;\n}\n'
    found = directories.problems(tree({path: text}))
    assert found == [f"{path}:4: says {word}, which is one directory's word" for word in ("AADSTS", "Entra")]


def test_a_domain_has_the_words_of_its_directory(tree):
    assert directories.problems(tree({"bundles/domain/entra/src/main/java/New.java": 'String a = "AADSTS50126";\n'})) == []
