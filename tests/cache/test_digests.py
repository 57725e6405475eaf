"""Digests tell whether anything that counts has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.cache import NotKept, digests
from paritycheck.cache.digests import Digester
from paritycheck.cache.inputs import Input, Program, Source, distinct

KEY = bytes(32)


def digest(source: Source, *, quick: bool = False) -> str:
    return Digester(KEY, quick=quick).digest(source)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name in ("a.tf", "b.txt", "deep/c.tf", "deep/d.txt", "deep/__pycache__/e.tf"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda root: (root / "a.tf").write_text("x"),
    "new": lambda root: (root / "z.tf").write_text(""),
    "gone": lambda root: (root / "a.tf").unlink(),
    "renamed": lambda root: (root / "a.tf").rename(root / "y.tf"),
    "other": lambda root: (root / "b.txt").write_text("x"),
    "below": lambda root: (root / "deep" / "c.tf").write_text("x"),
    "skipped": lambda root: (root / "deep" / "__pycache__" / "e.tf").write_text("x"),
    "directory": lambda root: (root / "new").mkdir(),
    "moved": lambda root: (root / "deep" / "c.tf").rename(root / "c.tf"),
    "mode": lambda root: (root / "a.tf").chmod(0o755),
    "fifo": lambda root: os.mkfifo(root / "pipe.tf"),
    "link": lambda root: (root / "link.tf").symlink_to("nowhere"),
}
FLAT = {"content", "new", "gone", "renamed", "moved", "mode", "fifo", "link"}


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("options", "noticed"),
    [
        ({"endings": (".tf",)}, FLAT),
        ({"deep": True}, set(CHANGES)),
        ({"deep": True, "skipped": ("__pycache__",)}, set(CHANGES) - {"skipped"}),
        ({"endings": (".tf",), "contents": False}, FLAT - {"content", "mode"}),
        ({"endings": (".tf",), "deep": True, "skipped": ("__pycache__",)}, set(CHANGES) - {"skipped", "other"}),
    ],
)
def test_notices_what_counts_and_nothing_else(options: dict[str, object], noticed: set[str], change: str, quick: bool, tree: Path) -> None:
    source = Input(str(tree), **options)  # type: ignore[arg-type]
    before = digest(source, quick=quick)
    CHANGES[change](tree)

    assert (change in noticed) == (digest(source, quick=quick) != before)


def test_a_file_is_told_from_its_absence_and_from_an_empty_one(tmp_path: Path) -> None:
    source = Input(str(tmp_path / "x"))
    absent = digest(source)
    (tmp_path / "x").touch()
    empty = digest(source)
    (tmp_path / "x").unlink()
    (tmp_path / "x").mkdir()

    assert 3 == len({absent, empty, digest(source)})


def test_contents_are_not_moved_from_one_name_to_the_next(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for root, contents in ((one, ("ab", "c")), (other, ("a", "bc"))):
        root.mkdir()
        for name, content in zip("xy", contents, strict=True):
            (root / name).write_text(content)

    assert digest(Input(str(one), deep=True)) != digest(Input(str(other), deep=True))


def test_a_link_back_is_followed_once(tree: Path) -> None:
    (tree / "deep" / "back").symlink_to(tree)

    assert digest(Input(str(tree), deep=True))


def test_a_linked_directory_counts_as_what_it_holds(tree: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (tree / "link").symlink_to(linked)
    before = digest(Input(str(tree), deep=True))
    (linked / "new").write_text("x")

    assert before != digest(Input(str(tree), deep=True))


def test_a_key_hides_what_the_digests_are_of(tree: Path) -> None:
    assert digest(Input(str(tree / "a.tf"))) != Digester(b"1" * 32).digest(Input(str(tree / "a.tf")))


def test_knows_when_anything_changed_last(tree: Path) -> None:
    time.sleep(0.1)
    after = time.time_ns()
    source = Input(str(tree), deep=True, skipped=("__pycache__",))
    untouched = Digester(KEY)
    untouched.digest(source)
    path = tree / "deep" / "c.tf"
    path.write_text("new")
    os.utime(path, (0, 0))
    touched = Digester(KEY)
    touched.digest(source)

    assert untouched.newest < after <= touched.newest
    assert str(path) == touched.newest_path


@pytest.mark.parametrize("change", ["gone", "new", "link"])
def test_knows_when_a_directory_changed_last(change: str, tree: Path) -> None:
    time.sleep(0.1)
    after = time.time_ns()
    CHANGES[change](tree)
    digester = Digester(KEY)
    digester.digest(Input(str(tree), endings=(".tf",)))

    assert after <= digester.newest


def test_knows_when_something_absent_was_removed(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    time.sleep(0.1)
    after = time.time_ns()
    (tmp_path / "x").unlink()
    digester = Digester(KEY)
    digester.digest(Input(str(tmp_path / "x" / "y")))

    assert after <= digester.newest


def test_what_python_compiles_is_no_change_of_a_directory(tmp_path: Path) -> None:
    time.sleep(0.1)
    after = time.time_ns()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").touch()
    digester = Digester(KEY)
    digester.digest(Input(str(tmp_path), deep=True, skipped=("__pycache__",)))

    assert digester.newest < after


def test_does_not_read_without_end(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "FILES", 2)
    with pytest.raises(NotKept, match="more than 2 files"):
        digest(Input(str(tree), deep=True))

    monkeypatch.setattr(digests, "FILES", 50)
    monkeypatch.setattr(digests, "BYTES", 2)
    with pytest.raises(NotKept, match="MiB"):
        digest(Input(str(tree), deep=True))


def test_what_is_no_file_has_no_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(NotKept, match="no regular file"):
            digest(Input(str(path)))


def test_a_program_is_the_file_that_its_name_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    absent = digest(Program("terraform"))
    program = tmp_path / "terraform"
    program.write_bytes(b"1")
    program.chmod(0o755)
    first = digest(Program("terraform"))
    program.write_bytes(b"22")

    assert 3 == len({absent, first, digest(Program("terraform"))})


def test_what_is_inside_of_another_input_is_read_once() -> None:
    whole = Input("/s", deep=True)
    tree = Input("/s/a", deep=True, endings=(".py",))
    outside, odd, above = Input("/sx"), Input("/s/../t"), Input("/s/..")

    assert {whole, outside, odd, above} == set(distinct([whole, tree, Input("/s"), Input("/s/a/b"), outside, odd, above, whole]))
    assert {tree, Input("/s/a/b.txt")} == set(distinct([tree, Input("/s/a/b.txt")]))
