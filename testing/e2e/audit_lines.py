"""Lines of the audit file: against docs/events.schema.json, and against the list of events."""

import json
import re
import sys

from running_lab import ROOT

sys.path.insert(0, str(ROOT / "testing/docs"))
import events  # noqa: E402

SCHEMA = json.loads((ROOT / "docs/events.schema.json").read_text(encoding="utf-8"))
LISTED, _ = events.listed((ROOT / events.PAGE).read_text(encoding="utf-8"))
TYPES = {"object": dict, "string": str}
# Added by the log and the launcher.
ALWAYS = {"cause", "thrown"}


def problems(value, schema=SCHEMA, place="record"):
    """What a value has against a schema; of JSON schema just what ours uses, and an unknown word is a problem."""
    known = {"$schema", "title", "description", "type", "required", "properties", "const", "enum", "pattern", "additionalProperties"}
    found = [f"{place}: the test does not know {word}" for word in schema.keys() - known]
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [*found, f"{place} is no {schema['type']}"]
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        found.append(f"{place} is {value!r}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{place} is {value!r}")
    found += [f"{place} has no {name}" for name in schema.get("required", ()) if name not in value]
    if isinstance(value, dict):
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            found += [f"{place} has an unknown member {name}"] if inner is None else problems(item, inner, f"{place}.{name}")
    return found


def listing_problems(record):
    """What a record has against docs/log-events.md."""
    name = record["event"]
    if name not in LISTED:
        return [f"{name} is not listed"]
    _, _, levels, fields, _ = LISTED[name]
    found = [f"{name} has the field {field}" for field in record["details"].keys() - fields - ALWAYS]
    mark = f"audit/{record['kind']}/{record['outcome']}"
    return found + [f"{name} is {word}" for word in (record["level"], mark) if word not in levels]


def read(lab, path):
    """All records; each is checked."""
    text = lab.out("cat", path)
    records = [json.loads(line) for line in text.splitlines()]
    found = [problem for record in records for problem in (*problems(record), *listing_problems(record))]
    assert not found, "\n".join(found)
    return records
