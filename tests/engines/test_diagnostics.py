from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paritycheck.engines.diagnostics import Diagnostic, RefusedError, Stream
from paritycheck.errors import Location, shown_path

UNDECLARED = 'The root module does not declare a variable named "zz" but a value was found in file "{}". If you meant …'


def line(**found: Any) -> str:
    return json.dumps(
        {"@level": "error", "type": "diagnostic", "diagnostic": {"severity": "error", "summary": "S", "detail": "D", **found}}
    )


def stream(directory: Path = Path("/stack")) -> Stream:
    return Stream(lambda name: directory / name)


def feed(*lines: str) -> list[Diagnostic]:
    taken = stream()
    for each in lines:
        taken.feed(each)
    return taken.errors


def test_an_error_keeps_its_place_and_address_and_not_the_source_line() -> None:
    place = {"filename": "main.tf", "start": {"line": 3, "column": 5, "byte": 1}, "end": {}}
    found = feed(line(range=place, address="aws_x.y", snippet={"code": 'password = "hunter2"', "values": []}))

    assert [Diagnostic("S", "D", Location("/stack/main.tf", 3, 5), "aws_x.y")] == found
    assert "hunter2" not in repr(found)


def test_an_error_tells_of_the_data_sources_in_its_line() -> None:
    (found,) = feed(line(snippet={"code": "x = jsondecode(data.aws_a.b.c) + module.data.x + data.aws_d.e[0].f"}))

    assert ("aws_a", "aws_d") == found.data_sources


@pytest.mark.parametrize(
    "detail", ['for module "gone" at main.tf:8.', 'Could not download module "g" (main.tf:8) source code', "on (main.tf:8,3-9): x"]
)
def test_a_place_is_found_in_the_text_where_there_is_no_other(detail: str) -> None:
    assert [Diagnostic("S", detail, Location("/stack/main.tf", 8))] == feed(line(detail=detail))


def test_warnings_are_no_errors() -> None:
    assert [] == feed(line(severity="warning"))


@pytest.mark.parametrize("noise", ["", "text", "[]", "null", "1", "[" * 100_000, '{"diagnostic": 1}', '{"type": "version"}', "\ud800"])
def test_whatever_else_is_in_the_stream_does_no_harm(noise: str) -> None:
    assert [] == feed(noise)


def test_a_value_for_an_undeclared_variable_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "dev.tfvars").write_text("a = 1\nzz  = 2\n")
    taken = stream(tmp_path)
    taken.feed(line(severity="warning", summary="Value for undeclared variable", detail=UNDECLARED.format("dev.tfvars")))

    assert [Location(shown_path(tmp_path / "dev.tfvars"), 2)] == [error.location for error in taken.errors]
    assert taken.errors[0].detail.endswith('dev.tfvars sets "zz", which the configuration does not declare.')


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    taken = stream(tmp_path)
    taken.feed(line(severity="warning", detail=UNDECLARED.format("gone.tfvars")))

    assert [None] == [error.location for error in taken.errors]


def test_resources_are_counted() -> None:
    counts: list[int] = []
    taken = Stream(Path, counts.append)
    for kind in ("refresh_complete", "planned_change", "change_summary"):
        taken.feed(json.dumps({"type": kind}))

    assert [1, 2] == counts


def test_only_the_last_lines_without_json_are_kept() -> None:
    taken = stream()
    for number in range(1000):
        taken.feed(f"line {number}")

    assert [f"line {number}" for number in range(960, 1000)] == taken.stray


ONE = Diagnostic("Unsupported argument", "An argument named x.", Location("main.tf", 3, 5))
TWO = Diagnostic("Invalid value", "It must be y.", None)


def test_one_error_of_all_environments_is_told_once() -> None:
    error = RefusedError.merge([RefusedError({"dev": [ONE]}), RefusedError({"staging": [ONE]}), RefusedError({"prod": [ONE]})])

    assert "Terraform refuses dev, staging and prod: Unsupported argument" == error.message
    assert (Location("main.tf", 3, 5), "An argument named x.") == (error.location, error.details)


def test_several_errors_are_all_told_with_the_environments_that_have_them() -> None:
    error = RefusedError.merge([RefusedError({"dev": [ONE]}), RefusedError({"prod": [ONE, TWO]}, "Do this.")])

    assert ("Terraform refuses dev and prod: 2 errors", "Do this.") == (error.message, error.hint)
    assert error.details == (
        "main.tf:3:5: Unsupported argument\n    An argument named x.\nInvalid value\n    It must be y.\n    (in prod only)"
    )
