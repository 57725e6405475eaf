"""The data source ``aws_iam_policy_document``: rendered as AWS provider 5.100 renders it, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

from paritycheck.provider.aws.context import AwsContext
from paritycheck.provider.aws.policy_source import DOCUMENT_KEYS, PolicyError, Statement, parse_policy
from paritycheck.provider.interface import Diagnostic, Object, Path, Refused

_VERSIONS = ("2008-10-17", "2012-10-17")
_EFFECTS = ("Allow", "Deny")

# NOTE: Go's JSON encoder escapes what HTML would read, two line separators, and replaces lone surrogates.
_ESCAPES: dict[int, str] = {
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **{ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"},
}


def read_policy_document(config: Object, context: AwsContext) -> Object:  # noqa: ARG001 - a reader's signature
    """Render the document; raise `Refused` with the argument that is wrong."""
    nulls = [Diagnostic("A list holds null", "Remove the element, or give it a value.", path) for path in _find_nulls(config, ())]
    if nulls:
        raise Refused(*nulls)
    statements = [_with_defaults(statement) for statement in config["statement"] or ()]
    config = {**config, "version": config["version"] or _VERSIONS[1], "statement": statements}
    _validate(config)
    document: dict[str, Any] = {}
    seen: set[str] = set()
    for path, source in _documents(config, "source_policy_documents"):
        _refuse_repeated_sids(source["Statement"], seen, path)
        _merge(document, source)
    _merge(document, _render(config))
    for _, override in _documents(config, "override_policy_documents"):
        _merge(document, override)
    ordered = {key: document[key] for key in DOCUMENT_KEYS if document.get(key)}
    text = _dump(ordered, indent=2)
    return {
        **{name: value or None for name, value in config.items()},
        "id": str(crc32(text.encode())),
        "json": text,
        "minified_json": _dump(ordered),
    }


def _find_nulls(value: Any, path: Path) -> Iterator[Path]:
    """Yield the paths of the lists' elements that are null."""
    if isinstance(value, list):
        yield from ((*path, index) for index, item in enumerate(value) if item is None)
    steps = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for step, item in steps:
        yield from _find_nulls(item, (*path, step))


def _with_defaults(statement: Object) -> Object:
    """Fill a statement in as it is kept in the state: absent texts are empty, absent sets too."""
    sets = {name: value or [] for name, value in statement.items() if name not in {"sid", "effect"}}
    effect = statement["effect"]
    return {**sets, "sid": statement["sid"] or "", "effect": _EFFECTS[0] if effect is None else effect}


def _validate(config: Object) -> None:
    problems = list(_validate_texts(config))
    for index, statement in enumerate(config["statement"]):
        path: Path = ("statement", index)
        if statement["effect"] not in _EFFECTS:
            problems.append(_one_of((*path, "effect"), _EFFECTS, statement["effect"]))
        if not re.fullmatch("[a-zA-Z0-9]*", statement["sid"]):
            problems.append(Diagnostic("Invalid sid", f"{statement['sid']!r} holds more than letters and digits.", (*path, "sid")))
    if problems:
        raise Refused(*problems)


def _validate_texts(config: Object) -> Iterable[Diagnostic]:
    if config["version"] not in _VERSIONS:
        yield _one_of(("version",), _VERSIONS, config["version"])
    for name in ("source_json", "override_json"):
        if config[name]:
            yield Diagnostic(f"{name} is no longer used", f"Use {name.removesuffix('_json')}_policy_documents.", (name,))


def _one_of(path: Path, allowed: Sequence[str], actual: str) -> Diagnostic:
    return Diagnostic(f"Invalid {path[-1]}", f"Expected one of {', '.join(allowed)}; got {actual!r}.", path)


def _refuse_repeated_sids(statements: Iterable[Statement], seen: set[str], path: Path) -> None:
    for statement in statements:
        sid = statement.get("Sid")
        if sid and sid in seen:
            raise Refused(Diagnostic(f"Duplicate sid {sid}", "Remove the sid, or make it unique among these statements.", path))
        seen.add(sid or "")


def _documents(config: Object, name: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for index, text in enumerate(config[name] or ()):
        if text:
            try:
                yield (name, index), parse_policy(text)
            except PolicyError as problem:
                raise Refused(Diagnostic("Invalid policy document", str(problem), (name, index))) from problem


def _merge(document: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Add another document's statements; one with a sid replaces the first of that sid."""
    document["Id"] = other.get("Id") or document.get("Id")
    document["Version"] = max(document.get("Version") or "", other.get("Version") or "")
    statements: list[Statement] = document.setdefault("Statement", [])
    for statement in other["Statement"]:
        sid = statement.get("Sid")
        same = next((index for index, present in enumerate(statements) if sid and present.get("Sid") == sid), None)
        if same is None:
            statements.append(statement)
        else:
            statements[same] = statement


def _render(config: Object) -> dict[str, Any]:
    """Turn the configuration's own statements into a document."""
    seen: set[str] = set()
    statements = []
    for index, block in enumerate(config["statement"]):
        path: Path = ("statement", index)
        try:
            statement = _render_statement(block, config["version"])
        except PolicyError as problem:
            raise Refused(Diagnostic("Invalid policy statement", str(problem), path)) from problem
        _refuse_repeated_sids([statement], seen, (*path, "sid"))
        statements.append(statement)
    return {"Id": config["policy_id"], "Version": config["version"], "Statement": statements}


def _render_statement(block: Object, version: str) -> Statement:
    parts = {
        "Sid": block["sid"],
        "Effect": block["effect"],
        "Action": _collapse(_descending(block["actions"])),
        "NotAction": _collapse(_descending(block["not_actions"])),
        "Resource": _collapse(_expand(_descending(block["resources"]), version)),
        "NotResource": _collapse(_expand(_descending(block["not_resources"]), version)),
        "Principal": _render_principals(block["principals"], version),
        "NotPrincipal": _render_principals(block["not_principals"], version),
        "Condition": _render_conditions(block["condition"], version),
    }
    return {key: value for key, value in parts.items() if value}


def _render_principals(blocks: Sequence[Object], version: str) -> Any:
    if [(block["type"], block["identifiers"]) for block in blocks] == [("*", ["*"])]:
        return "*"
    merged: dict[str, Any] = {}
    for block in sorted(blocks, key=_principal_order):
        identifiers = _descending(_expand(block["identifiers"], version))
        merged[block["type"]] = [*_listed(merged[block["type"]]), *identifiers] if block["type"] in merged else _collapse(identifiers)
    return dict(sorted(merged.items()))


def _render_conditions(blocks: Sequence[Object], version: str) -> Any:
    merged: dict[str, dict[str, Any]] = {}
    for block in sorted(blocks, key=_condition_order):
        variables = merged.setdefault(block["test"], {})
        variables.setdefault(block["variable"], []).extend(_expand(block["values"], version))
    return {test: {name: _collapse(values) for name, values in sorted(variables.items())} for test, variables in sorted(merged.items())}


# NOTE: the provider walks a set in the order of its elements' checksums, written as decimal text, and that order
# shows where several blocks share a principal type or a condition's test and variable.
# https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.36.1/helper/schema/serialize.go
def _principal_order(block: Object) -> str:
    identifiers = sorted((f"{identifier};" for identifier in block["identifiers"]), key=_checksum)
    return _checksum(f"identifiers:{{{''.join(identifiers)}}};type:{block['type']};")


def _condition_order(block: Object) -> str:
    values = "".join(f"{value};" for value in block["values"])
    return _checksum(f"test:{block['test']};values:({values});variable:{block['variable']};")


def _checksum(text: str) -> str:
    return str(crc32(text.encode()))


def _expand(values: Iterable[str], version: str) -> list[str]:
    """Write policy variables as IAM does: the configuration says ``&{aws:username}``, as ``${`` is Terraform's own."""
    values = list(values)
    for value in values:
        if version == _VERSIONS[0] and "&{" in value:
            raise PolicyError(f"{value!r} holds a policy variable, which a document of version {version} cannot have.")
    return [value.replace("&{", "${") for value in values]


def _descending(values: Iterable[str]) -> list[str]:
    return sorted(values, reverse=True)


def _collapse(values: list[str]) -> list[str] | str:
    return values[0] if len(values) == 1 else values


def _listed(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) else value


def _dump(document: Any, indent: int | None = None) -> str:
    separators = (",", ":" if indent is None else ": ")
    return json.dumps(document, ensure_ascii=False, indent=indent, separators=separators).translate(_ESCAPES)
