"""Metrics: docs/metrics.md lists those of the code, and the shipped dashboard and alerts use no others."""

import json
import re

PAGE = "docs/metrics.md"
FOLDER = "distro/monitoring/"
ROW = re.compile(r"^\| `(himmelblau_\w+)` \| (counter|gauge|histogram) \| ([^|]*)\|", re.MULTILINE)
IN_CODE = re.compile(r'"(himmelblau_[a-z0-9_]+)"')
USED = re.compile(r"\bhimmelblau_\w+")
SAMPLES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
# Of node_exporter and of Prometheus itself.
OTHERS = {"node_textfile_mtime_seconds"}


def listed(page):
    """{metric: (type, {label})}"""
    return {match[1]: (match[2], set(re.findall(r"`(\w+)`", match[3]))) for match in ROW.finditer(page)}


def samples(metrics):
    """{name in an expression: {label}}"""
    found = {}
    for name, (kind, labels) in metrics.items():
        for end in SAMPLES[kind]:
            found[name + end] = labels | ({"le"} if end == "_bucket" else set())
    return found


def expressions(tree):
    """(path, expression) of the dashboard and of the alerts"""
    for path, text in tree.texts.items():
        if path.startswith(FOLDER) and path.endswith(".json"):
            for panel in json.loads(text)["panels"]:
                yield from ((path, target["expr"]) for target in panel["targets"])
        elif path.startswith(FOLDER) and path.endswith(".rules.yml"):
            # An expression on one line, or on the deeper lines below.
            for match in re.finditer(r"^( +)expr: (?:>-\n((?:\1 +.*\n)+)|(.*)\n)", text, re.MULTILINE):
                yield path, (match[2] or match[3]).strip()


def problems(tree):
    metrics = listed(tree.texts.get(PAGE, ""))
    code = set()
    for path, text in tree.named(".java", "bundles/").items():
        if "/src/main/" in path and "himmelblau.api.metrics" in text:
            code |= set(IN_CODE.findall(text))
    found = [f"{PAGE}: {name} is measured and not listed" for name in sorted(code - metrics.keys())]
    found += [f"{PAGE}: {name} is listed and not measured" for name in sorted(metrics.keys() - code)]
    known = samples(metrics)
    for path, expression in expressions(tree):
        for name in USED.findall(expression):
            if name not in known:
                found.append(f"{path}: there is no {name}")
        for name, labels in re.findall(r"\b(himmelblau_\w+)\{([^}]*)\}", expression):
            unknown = set(re.findall(r"(\w+)\s*[=!]", labels)) - known.get(name, set()) - {"instance", "job"}
            found += [f"{path}: {name} has no label {label}" for label in sorted(unknown)]
    return found
