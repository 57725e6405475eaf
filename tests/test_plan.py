"""Plan and state documents are read as they are, and nothing else is taken for one."""

from __future__ import annotations

import codecs
import json
from typing import Any

import pytest

from paritycheck.errors import PlanError
from paritycheck.plan import read_plan, static_address
from tests.plans import configured, document, dump, plan, resource

SECRET = "correct-horse-battery"


def read(text: bytes) -> Any:
    return read_plan(text, environment="dev", engine="files", origin="dev.json")


def test_a_plan_holds_its_resources_by_address() -> None:
    found = plan(document(resource('module.m[0].aws_x.y["a.b"]', {"n": 1}), resource("data.aws_z.q", actions=["read"])))

    assert ['module.m[0].aws_x.y["a.b"]', "data.aws_z.q"] == list(found.resources)


def test_the_summary_counts_what_the_plan_holds() -> None:
    found = plan(
        document(
            resource("aws_x.y"),
            resource("aws_x.z", actions=["delete", "create"]),
            resource("data.aws_z.q", actions=["read"]),
            outputs={"o": 1},
        )
    )
    summary = found.summary

    assert (2, 1, 1, {"create": 1, "replace": 1, "read": 1}) == (summary.resources, summary.data_sources, summary.outputs, summary.actions)


def test_data_sources_that_were_read_while_planning_count() -> None:
    state = {"values": {"root_module": {"resources": [{"address": "data.aws_z.q", "mode": "data", "type": "aws_z", "values": {"a": 1}}]}}}
    found = plan(document(resource("aws_x.y"), prior_state=state))

    assert "read" == found.resources["data.aws_z.q"].change.action


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.1", "1.2", "1.9"])
def test_every_minor_version_of_the_format_is_read(version: str) -> None:
    assert version == plan(document(resource("aws_x.y"), format_version=version)).format_version


def test_an_old_plan_lacks_marks_and_flags() -> None:
    old = {
        "format_version": "0.1",
        "terraform_version": "0.12.31",
        "planned_values": {},
        "resource_changes": [{"address": "aws_x.y", "change": {"actions": ["create"], "after": {"a": 1}}}],
    }

    assert {"a": 1} == plan(dump(old)).decode(plan(dump(old)).resources["aws_x.y"].change.after)


def test_a_state_is_read_with_its_child_modules() -> None:
    child = {"address": "module.m", "resources": [{"address": "module.m.aws_x.y", "type": "aws_x", "values": {"a": 1}}]}
    state = {
        "format_version": "1.0",
        "terraform_version": "1.5.0",
        "values": {"outputs": {"o": {"value": 1, "sensitive": True}}, "root_module": {"child_modules": [child]}},
    }
    found = read(dump(state))

    assert (True, ["module.m.aws_x.y"], "no-op") == (
        found.is_state,
        list(found.resources),
        found.resources["module.m.aws_x.y"].change.action,
    )


def test_an_empty_state_is_a_state() -> None:
    assert {} == read(b'{"format_version":"1.0"}').resources


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_encoding_that_windows_writes_is_read(encoding: str) -> None:
    text = json.dumps(document(resource("aws_x.y", {"a": "é"})), ensure_ascii=False).encode(encoding)
    found = read(text)

    assert {"a": "é"} == found.decode(found.resources["aws_x.y"].change.after)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "is not JSON"),
        (b"hello", "is not JSON"),
        (b'{"format_version":"1.2","x":NaN}', "is not JSON"),
        (b"[]", "not a Terraform plan"),
        (b"null", "not a Terraform plan"),
        (b"{}", "has no format_version"),
        (b'{"version":4,"serial":1,"lineage":"x"}', "raw state file"),
        (b"PK\x03\x04plan", "binary plan file"),
        (b'{"@level":"info"}\n{"@level":"info"}', "holds no values"),
        (b'{"format_version":"2.0"}', "format_version '2.0'"),
        (b'{"format_version":"1.2","configuration":{}}', "neither resource_changes nor values"),
        (b'{"format_version":"1.2","resource_changes":[{"address":1}]}', "Expected `str`, got `int`"),
        (b'{"format_version":"1.2","x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested too deeply"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "is not text in UTF-16"),
    ],
)
def test_anything_else_is_refused_with_a_hint(text: bytes, problem: str) -> None:
    with pytest.raises(PlanError, match=problem) as caught:
        read(text)

    assert caught.value.hint


def test_one_address_twice_is_refused_but_deposed_objects_are_others() -> None:
    deposed = {**resource("aws_x.y", actions=["delete"]), "deposed": "abc"}

    assert ["aws_x.y", "aws_x.y (deposed abc)"] == list(plan(document(resource("aws_x.y"), deposed)).resources)
    with pytest.raises(PlanError, match="twice"):
        plan(document(resource("aws_x.y"), resource("aws_x.y")))


def test_numbers_keep_every_digit() -> None:
    text = dump(document(resource("aws_x.y", {"n": 0}))).replace(b'"n":0', b'"n":[' + b"9" * 400 + b",0.10000000000000000000000001,1e400]")
    found = read(text)
    big, small, huge = found.decode(found.resources["aws_x.y"].change.after)["n"]

    assert (10**400 - 1, "0.10000000000000000000000001", "1E+400") == (big, str(small), str(huge))


def test_a_broken_value_is_an_error_when_it_is_asked_for() -> None:
    found = read(dump(document(resource("aws_x.y", {"a": "b"}))).replace(b'"b"', b'"\xff"'))

    with pytest.raises(PlanError, match="broken JSON"):
        found.decode(found.resources["aws_x.y"].change.after)


def test_no_representation_shows_a_value() -> None:
    found = plan(
        document(
            resource("aws_x.y", {"p": SECRET}),
            variables={"p": SECRET},
            outputs={"o": SECRET},
            configuration=[configured("aws_x.y", p=SECRET)],
        )
    )
    texts = [
        repr(found),
        repr(found.resources),
        repr(found.outputs),
        repr(found.configuration),
        repr(list(found.configuration.blocks())),
        repr(found.checks),
    ]

    assert not any(SECRET in text for text in texts)


@pytest.mark.parametrize(
    ("address", "expected"),
    [('aws_x.y["a].b"]', "aws_x.y"), ('module.m[0].aws_x.y["\\"]"]', "module.m.aws_x.y"), ("aws_x.y", "aws_x.y")],
)
def test_a_static_address_has_no_keys(address: str, expected: str) -> None:
    assert expected == static_address(address)
