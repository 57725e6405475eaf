import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.provider.companions.archives import ArchiveError, Entry, Listing, check_file, write_archive
from paritycheck.provider.companions.digests import digest

names = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="/\\"), min_size=1, max_size=20)
contents = st.dictionaries(names, st.binary(max_size=2_000), min_size=1, max_size=4)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory with an executable, a directory that sorts before a file with its name's beginning, and links."""
    source = tmp_path / "source"
    for name in ("b/z.py", "b-file", "a", "b/__pycache__/z.pyc"):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (source / "a").chmod(0o700)
    (source / "b-file").chmod(0o600)
    (source / "linked").symlink_to(source / "b")
    return source


def list_names(listing: Listing, directory: Path) -> list[str]:
    return [entry.name for entry in listing.entries(directory)]


def write(kind: str, content: dict[str, bytes], output: Path, mode: int | None = None) -> bytes:
    write_archive(kind, [Entry(name, data) for name, data in content.items()], output, mode)
    return output.read_bytes()


def test_a_directory_is_listed_by_the_names_in_each_directory(tree):
    expected = ["a", "b/__pycache__/z.pyc", "b/z.py", "b-file", "linked/__pycache__/z.pyc", "linked/z.py"]
    assert expected == list_names(Listing(), tree)


def test_excluded_files_and_directories_are_left_out(tree):
    assert ["a", "b/z.py", "linked/z.py"] == list_names(Listing(("**/__pycache__", "b-*", "")), tree)


def test_links_to_directories_can_be_left_out(tree):
    assert ["a", "b-file"] == list_names(Listing(("b",), follow_links=False), tree)


def test_the_archive_itself_is_left_out(tree):
    assert "a" not in list_names(Listing(output=tree / "a"), tree)


def test_a_link_into_itself_is_refused(tree):
    (tree / "b" / "loop").symlink_to(tree)

    with pytest.raises(ArchiveError, match="leads back"):
        list_names(Listing(), tree)


@pytest.mark.parametrize("name", ["missing", "directory", "pipe"])
def test_only_regular_files_can_be_read(tmp_path, name):
    (tmp_path / "directory").mkdir()
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(ArchiveError, match=name):
        check_file(tmp_path / name)


def test_a_missing_directory_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="no directory"):
        list_names(Listing(), tmp_path / "missing")


def test_an_empty_archive_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(ArchiveError, match="empty"):
        write("zip", {}, tmp_path / "out" / "x.zip")

    assert [] == list(tmp_path.iterdir())


def test_a_failure_leaves_nothing_behind(tmp_path):
    with pytest.raises(OSError, match="gone"):
        write_archive("zip", [Entry("a", b""), Entry("b", tmp_path / "gone")], tmp_path / "x.zip", None)

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_times_modes_and_owners_of_the_files_change_nothing(tree, tmp_path, kind):
    write_archive(kind, Listing().entries(tree), tmp_path / "first", None)
    os.utime(tree / "a", (1, 1))
    (tree / "b-file").chmod(0o666)
    write_archive(kind, Listing().entries(tree), tmp_path / "second", None)

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("zip", "269379aace1da972fb0ce9e1307c760067a6180ff38771d6a2e82e8d512aa39a"),
        ("tar.gz", "d60257180585b04b84395b649e4a5cbff2ae7636e3d1bdd16b82fa379d6a34e9"),
    ],
)
def test_an_archive_has_the_same_bytes_on_every_machine(tmp_path, kind, expected):
    assert expected == digest([write(kind, {"a/b": b"x" * 100_000, "c": b""}, tmp_path / "archive")])["sha256"]


@pytest.mark.parametrize(("mode", "modes"), [(None, [0o755, 0o644]), (0o600, [0o600, 0o600])])
def test_a_zip_keeps_what_can_be_executed_unless_a_mode_is_given(tree, tmp_path, mode, modes):
    write_archive("zip", [Entry("a", tree / "a"), Entry("b", tree / "b-file")], tmp_path / "x.zip", mode)

    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert modes == [info.external_attr >> 16 & 0o777 for info in archive.infolist()]


@given(contents)
def test_a_zip_holds_what_was_put_in(tmp_path_factory, content):
    data = write("zip", content, tmp_path_factory.mktemp("zip") / "new" / "x.zip")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert content == {info.filename: archive.read(info) for info in archive.infolist()}


@given(contents)
def test_a_tar_holds_what_was_put_in(tmp_path_factory, content):
    data = write("tar.gz", content, tmp_path_factory.mktemp("tar") / "x.tar.gz")

    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        assert content == {member.name: archive.extractfile(member).read() for member in archive.getmembers()}
