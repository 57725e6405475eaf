"""YAML is read with its places, and without its surprises."""

from __future__ import annotations

import pytest

from paritycheck.config.yamltext import parse
from paritycheck.errors import ConfigError, Location


def test_data_and_places() -> None:
    document = parse("a: 1\nb:\n  - x\n  - {c: null, d: 1.5}\n", "f.yaml")

    assert {"a": 1, "b": ["x", {"c": None, "d": 1.5}]} == document.data
    assert Location("f.yaml", 4, 15) == document.place(("b", 1, "d"))
    assert Location("f.yaml", 4, 5) == document.place(("b", 1, "gone", 3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("False", False),
        ("~", None),
        ("-12", -12),
        ("1.0e+3", 1000.0),
        ("0", 0),
        ("0x1F", 31),
        ("2031-02-03", "2031-02-03"),
        ('"no"', "no"),
        ("'012'", "012"),
        ("aws_x.*", "aws_x.*"),
        ("3.1.4", "3.1.4"),
        ("|\n  no\n", "no\n"),
    ],
)
def test_scalars(text: str, expected: object) -> None:
    assert [expected] == parse(f"- {text}", "f").data


@pytest.mark.parametrize("text", ["no", "On", "YES", "012", "0o14", "1_000", "12:30:45", "1e3", "0b1", "-01", "012345678901"])
def test_what_versions_of_yaml_read_differently_must_be_quoted(text: str) -> None:
    with pytest.raises(ConfigError, match="means different things") as caught:
        parse(f"a:\n  - {text}\n", "f.yaml")

    assert Location("f.yaml", 2, 5) == caught.value.location


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "the key 'a' is given twice"),
        ("1: a", "a key must be a text"),
        ("? [a]\n: b", "a key must be a plain text"),
        ("a: !!python/object:os.system x", "the tag tag:yaml.org,2002:python/object:os.system has no meaning here"),
        ("a: *b", "*b refers to an anchor that is not complete here"),
        ("&a [*a]", "*a refers to an anchor that is not complete here"),
        ("<<: 1", "<< merges mappings only"),
        ("---\na\n---\nb", "f holds more than one YAML document"),
        ("[" * 5000, "f is nested more than 40 levels deep"),
        ("a: &a [" + "x," * 1000 + "]\nb: &b [" + "*a," * 1000 + "]", "f holds more than 100,000 values"),
        ("a: .nan", ".nan is not a finite number"),
        ("a: 1.0e+999", "1.0e+999 is not a finite number"),
        ("a: " + "9" * 401, "a number of 401 digits is too long"),
        ("a: [", "f is not valid YAML: did not find expected node content"),
        ("a: \x07", "f holds a character that YAML forbids"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "f")

    assert caught.value.message.startswith(message)
    assert caught.value.location


def test_own_keys_win_over_merged_ones() -> None:
    assert {"c": {"x": 1, "y": 3, "z": 4}} == {"c": parse("a: &a {x: 1, y: 2}\nb: &b {x: 9, z: 4}\nc: {<<: [*a, *b], y: 3}", "f").data["c"]}
