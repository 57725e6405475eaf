from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from paritycheck.config import Environment
from paritycheck.engines import files
from paritycheck.engines.files import SIZE_LIMIT, FilesEngine
from paritycheck.engines.interface import Stage
from paritycheck.errors import ConfigError, PlanError, shown_path

PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {"root_module": {}},
    "resource_changes": [
        {
            "address": "terraform_data.a",
            "mode": "managed",
            "type": "terraform_data",
            "name": "a",
            "provider_name": "terraform.io/builtin/terraform",
            "change": {"actions": ["create"], "before": None, "after": {"input": "é"}, "after_unknown": {}},
        }
    ],
    "configuration": {"root_module": {}},
}
TEXT = json.dumps(PLAN, ensure_ascii=False)


def environment(path: Path, name: str = "dev", *, state: bool = False) -> Environment:
    return Environment(name, path.parent, state=path) if state else Environment(name, path.parent, plan=path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_plan_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(TEXT.encode(encoding))
    plan = FilesEngine().plan(environment(path))

    assert ("dev", "files", shown_path(path)) == (plan.environment, plan.engine, plan.origin)
    assert {"input": "é"} == plan.decode(plan.resources["terraform_data.a"].change.after)


def test_a_state_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": []}}}')

    assert FilesEngine().plan(environment(path, state=True)).is_state


def test_a_plan_goes_before_a_state(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(TEXT)

    assert not FilesEngine().plan(replace(environment(path), state=tmp_path / "gone")).is_state


def test_the_documents_are_the_files(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(TEXT)

    assert [path.read_bytes()] == FilesEngine().documents([environment(path)])


BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t", "is empty"),
    "truncated": (TEXT.encode()[:200], "is not JSON"),
    "no JSON": (b"Terraform will perform the following actions:", "is not JSON"),
    "no object": (b"[1, 2]", "is not a Terraform plan"),
    "something else": (b'{"a": 1}', "."),
    "a plan file": (b"PK\x03\x04" + b"\0" * 100, "."),
    "a newer format": (b'{"format_version": "9.0"}', "9.0"),
    "deep": (b"[" * 10_000 + b"]" * 10_000, "nested too deeply|not a Terraform plan"),
    "an odd number": (b'{"format_version": "1.2", "resource_changes": NaN}', "is not JSON"),
    "half a character": (b"\xff\xfea", "UTF-16"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_plan_is_refused_by_name(tmp_path: Path, name: str) -> None:
    content, text = BROKEN[name]
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(PlanError, match=text) as caught:
        FilesEngine().plan(environment(path))

    assert "plan.json" in caught.value.message
    assert caught.value.hint is not None


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"gone\.json cannot be read: No such file or directory"):
        FilesEngine().plan(environment(tmp_path / "gone.json"))
    with pytest.raises(PlanError, match="cannot be read: Is a directory"):
        FilesEngine().plan(environment(tmp_path))


def test_a_file_beyond_all_measure_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.touch()
    os.truncate(path, SIZE_LIMIT + 1)
    with pytest.raises(PlanError, match="1,073,741,825 bytes long"):
        FilesEngine().plan(environment(path))


def test_a_device_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SIZE_LIMIT", 1000)
    with pytest.raises(PlanError, match="/dev/zero is 1,001 bytes long"):
        FilesEngine().plan(environment(Path("/dev/zero")))


def test_two_environments_must_not_name_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(TEXT)
    (tmp_path / "link.json").symlink_to(tmp_path / "plan.json")
    with pytest.raises(ConfigError, match="dev and prod name the same plan"):
        FilesEngine().plan_all([environment(tmp_path / "plan.json"), environment(tmp_path / "link.json", "prod")])


def test_an_environment_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="dev names no plan to read"):
        FilesEngine().plan(Environment("dev", tmp_path))


def test_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(TEXT)
    told: list[tuple[str, Stage, str]] = []
    FilesEngine().plan(environment(path), lambda *each: told.append(each))
    with pytest.raises(PlanError):
        FilesEngine().plan(environment(tmp_path / "gone"), lambda *each: told.append(each))

    assert [Stage.READING, Stage.READING, Stage.DONE, Stage.READING, Stage.FAILED] == [stage for _, stage, _ in told]
