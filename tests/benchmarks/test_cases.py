"""Reading recorded cases."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cases import Case, find_cases, prior_state, provider_major, read_case

EMPTY = {"format_version": "1.2", "resource_changes": []}


def case(directory: Path = Path(), **parts: Any) -> Case:
    return Case(directory, EMPTY | parts)


def change(**after: Any) -> dict[str, Any]:
    return {"type": "aws_x", "mode": "managed", "change": {"after": after, "after_unknown": {"id": True}}}


def test_a_case_is_a_folder_with_a_configuration_and_a_plan(tmp_path: Path) -> None:
    """Under whatever name the plan goes; the first name counts."""
    for name in ("a/main.tf", "a/plan.json", "a/tfplan.json", "b/deep/main.tf.json", "b/deep/my-plan-1.json", "c/plan.json", "d/main.tf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")

    assert [tmp_path / "a/plan.json", tmp_path / "b/deep/my-plan-1.json"] == list(find_cases(tmp_path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.json", json.dumps(EMPTY).encode()),
        ("plan.json", json.dumps(EMPTY).encode("utf-8-sig")),
        ("plan.json", json.dumps(EMPTY).encode("utf-16")),
        ("plan.json.gz", gzip.compress(json.dumps(EMPTY).encode(), mtime=0)),
    ],
)
def test_a_plan_is_read_in_any_encoding(tmp_path: Path, name: str, content: bytes) -> None:
    """As shells write it."""
    (tmp_path / name).write_bytes(content)

    assert Case(tmp_path, EMPTY) == read_case(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe\x00", b'{"resource_changes": {}}'])
def test_what_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    """With an error that the runner takes for the case's own."""
    (tmp_path / "plan.json").write_bytes(content)

    with pytest.raises(ValueError, match=r"\S"):
        read_case(tmp_path / "plan.json")


def test_a_plan_of_nothing_is_a_plan(tmp_path: Path) -> None:
    """Terraform then leaves the changes out."""
    (tmp_path / "plan.json").write_text('{"planned_values": {}}')

    assert [] == read_case(tmp_path / "plan.json").recorded["resource_changes"]


def test_variables_without_a_value_are_not_set() -> None:
    """Null stands for the default."""
    assert {"a": 1, "c": ["x"]} == case(variables={"a": {"value": 1}, "b": {}, "c": {"value": ["x"]}, "d": {"value": None}}).variables


@pytest.mark.parametrize(
    ("after", "major"),
    [({"a": 1, "b": 2}, 5), ({"a": 1, "b": 2, "old": 3}, 4), ({"a": 1}, 4), ({"a": 1, "b": 2, "region": "x"}, 6)],
)
def test_attributes_tell_the_providers_version(after: dict[str, Any], major: int) -> None:
    """By what the current schema has and has not."""
    assert major == provider_major(case(resource_changes=[change(**after)]), {"aws_x": frozenset({"a", "b", "id"})})


def test_other_providers_attributes_tell_nothing() -> None:
    """Whatever the catalog of AWS does not have is strange only in a type of AWS."""
    entries = [change(a=1, b=2), change(keepers=None) | {"type": "random_id"}]

    assert 5 == provider_major(case(resource_changes=entries), {"aws_x": frozenset({"a", "b", "id"}), "random_id": frozenset()})


def test_the_lock_file_tells_it_better(tmp_path: Path) -> None:
    """Where there is one."""
    (tmp_path / ".terraform.lock.hcl").write_text('provider "registry.terraform.io/hashicorp/aws" {\n  version     = "3.76.1"\n}\n')

    assert 3 == provider_major(case(tmp_path, resource_changes=[change(a=1, b=2)]), {"aws_x": frozenset({"a", "b", "id"})})
    assert 4 == provider_major(case(terraform_version="0.13.5"), {})
    pinned = {"provider_config": {"aws": {"version_constraint": "~> 3.4.0"}}}
    assert 3 == provider_major(case(configuration=pinned, terraform_version="0.13.5"), {})
    assert provider_major(case(resource_changes=[change()]), {"aws_x": frozenset()}) is None


def test_the_prior_state_becomes_a_state_file() -> None:
    """With modules and instances; what the provider was called in old plans is completed."""
    aws, values = "registry.terraform.io/hashicorp/aws", {"id": "x"}
    resources = [
        {"address": "aws_x.a[0]", "mode": "managed", "type": "aws_x", "name": "a", "index": 0, "provider_name": aws, "values": values},
        {"address": "aws_x.a[1]", "mode": "managed", "type": "aws_x", "name": "a", "index": 1, "provider_name": aws, "values": values},
        {"address": "data.aws_x.d", "mode": "data", "type": "aws_x", "name": "d", "values": values},
    ]
    inner = {
        "address": 'module.m["k"].aws_x.b',
        "mode": "managed",
        "type": "aws_x",
        "name": "b",
        "provider_name": "aws",
        "schema_version": 2,
    }
    root = {"resources": resources, "child_modules": [{"resources": [inner]}]}

    state = prior_state(case(prior_state={"values": {"root_module": root}}))

    head = {"mode": "managed", "type": "aws_x", "provider": f'provider["{aws}"]'}
    instances = [{"schema_version": 0, "attributes": values, "index_key": index} for index in (0, 1)]
    assert state is not None
    assert [
        head | {"name": "a", "instances": instances},
        head | {"module": 'module.m["k"]', "name": "b", "instances": [{"schema_version": 2, "attributes": {}}]},
    ] == state["resources"]


def test_no_prior_state_is_none() -> None:
    """Data sources alone are no state."""
    data = {"address": "data.aws_x.d", "mode": "data", "type": "aws_x", "name": "d"}

    assert prior_state(case()) is None
    assert prior_state(case(prior_state={"values": {"root_module": {"resources": [data]}}})) is None
