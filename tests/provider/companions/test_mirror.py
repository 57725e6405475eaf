from __future__ import annotations

from pathlib import Path

import pytest

from paritycheck.engines.shadow import Shadow
from paritycheck.provider.companions.mirror import claim


@pytest.fixture
def shadow(tmp_path: Path) -> Shadow:
    for name in ("live/dev", "live/dev/build/deep", "modules/net"):
        (tmp_path / "stack" / name).mkdir(parents=True)
    (tmp_path / "stack/live/dev/build/old.zip").write_text("old")
    (tmp_path / "stack/live/dev/build/kept.txt").write_text("kept")
    return Shadow(tmp_path / "stack/live/dev", tmp_path / "root", isolated=True)


PATHS = (
    "x.zip",
    "./build/old.zip",
    "build/deep/x.zip",
    "../../modules/net/x.zip",
    "new/x.zip",
    "{original}/build/x.zip",
    "{shadow}/build/x.zip",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_claimed_file_is_written_in_the_mirror_alone(shadow: Shadow, path: str) -> None:
    stack = shadow.original.parent.parent
    before = {each: each.is_file() and each.read_text() for each in stack.rglob("*")}
    file = claim(path.format(original=shadow.original, shadow=shadow.directory), shadow.directory, shadow.original)
    file.parent.mkdir(parents=True, exist_ok=True)
    (file.parent / "scratch").write_text("new")
    (file.parent / "scratch").replace(file)

    assert "new" == file.read_text()
    assert file.resolve().is_relative_to(shadow.root.resolve())
    assert before == {each: each.is_file() and each.read_text() for each in stack.rglob("*")}


def test_what_lies_beside_a_claimed_file_stays_readable(shadow: Shadow) -> None:
    claim("build/deep/x.zip", shadow.directory, shadow.original)

    assert "kept" == (shadow.directory / "build/kept.txt").read_text()
    assert ["build"] == [path.name for path in shadow.directory.iterdir()]


def test_a_file_of_the_configuration_is_where_terraform_finds_it(shadow: Shadow) -> None:
    assert shadow.directory / "build/x.zip" == claim("build/x.zip", shadow.directory, shadow.original)
    assert shadow.root / "elsewhere/x.zip" == claim("/elsewhere/x.zip", shadow.directory, shadow.original)


def test_without_a_mirror_a_path_is_what_it_says(tmp_path: Path) -> None:
    assert tmp_path / "x.zip" == claim("x.zip", tmp_path, tmp_path)
