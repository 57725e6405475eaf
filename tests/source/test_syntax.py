"""Files become blocks and attributes with exact places, whatever is in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.errors import ConfigError, Location
from paritycheck.source.syntax import MAX_BYTES, SourceFile, unquote

Write = Callable[..., Path]


def test_location_counts_columns_in_characters(write: Write) -> None:
    """A column is a character, not a byte, so that an editor jumps to the right place."""
    write(main='locals { é = "ü" }\nlocals { äöü = 1 }\n')

    attributes = [block.attributes for block in SourceFile(Path("main.tf")).blocks]

    assert Location("main.tf", 2, 10) == attributes[1]["äöü"].location
    assert Location("main.tf", 2, 16) == attributes[1]["äöü"].value.location


def test_nested_blocks_are_found_by_kind(write: Write) -> None:
    """A block knows its nested blocks, dynamic ones among them, in their order."""
    write(main='resource "a" "b" {\n  rule {\n    n = 1\n  }\n  other {}\n  rule {}\n  dynamic "rule" {}\n}\n')

    (block,) = SourceFile(Path("main.tf")).blocks

    assert ("a", "b") == block.labels
    assert [2, 6] == [nested.location.line for nested in block.nested("rule")]
    assert [("rule",)] == [nested.labels for nested in block.nested("dynamic")]


def test_json_configuration_reads_like_the_native_syntax(write: Write) -> None:
    """A .tf.json file has blocks, labels, attributes and places too."""
    write(**{"main.tf.json": '{"resource": {"a_b": {"c": {"x": "${var.env == \\"prod\\" ? 1 : 2}"},\n "d": [{"y": "\\/"}]}}}'})

    c, d = SourceFile(Path("main.tf.json")).blocks

    assert ("resource", ("a_b", "c"), Location("main.tf.json", 1, 23)) == (c.kind, c.labels, c.location)
    assert '"${var.env ==  "prod"  ? 1 : 2}"' == c.attributes["x"].value.text
    assert (("a_b", "d"), 2) == (d.labels, d.location.line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(r"a\"b", 'a"b'), (r"\\n\n", "\\n\n"), ("$${x} %%{y}", "${x} %{y}"), (r"\u00e9", "é"), (r"\ud800", "\N{REPLACEMENT CHARACTER}")],
)
def test_unquote_replaces_escapes(text: str, expected: str) -> None:
    assert expected == unquote(text)


def test_byte_order_mark_is_skipped(write: Write) -> None:
    """A BOM, which some editors write, hides nothing."""
    write(main="\ufefflocals {}\n")

    assert 1 == len(SourceFile(Path("main.tf")).blocks)


def test_what_stands_before_a_syntax_error_is_found(write: Write) -> None:
    """Terraform explains the error; what was already written is known."""
    write(main='resource "a_b" "c" {\n  y = 1\n}\nvariable "v" {}\nlocals {\n  x = 1\n')

    assert ["resource", "variable"] == [block.kind for block in SourceFile(Path("main.tf")).blocks][:2]


def test_other_encodings_are_refused(write: Write) -> None:
    """A file in another encoding is named, with the line where that shows."""
    (write() / "main.tf").write_bytes(b"# ok\n# \xff\n")

    with pytest.raises(ConfigError) as caught:
        SourceFile(Path("main.tf"))

    assert "main.tf is not UTF-8 text (byte 8)" == caught.value.message
    assert Location("main.tf", 2) == caught.value.location


def test_huge_files_are_refused(write: Write) -> None:
    """Nobody writes eight megabytes of configuration into one file."""
    (write() / "main.tf").write_bytes(b" " * (MAX_BYTES + 1))

    with pytest.raises(ConfigError, match=r"main\.tf is larger than 8 MiB"):
        SourceFile(Path("main.tf"))


def test_unreadable_files_are_refused(write: Write) -> None:
    """A directory of a file's name is told apart from a file."""
    (write() / "main.tf").mkdir()

    with pytest.raises(ConfigError, match=r"cannot read main\.tf: Is a directory"):
        SourceFile(Path("main.tf"))
