"""Archives are written once, and never an old one in the place of a new one."""

import zipfile

import pytest

from paritycheck.provider.companions.archives import ArchiveError, Entry
from paritycheck.provider.companions.digests import digest
from paritycheck.provider.companions.shelf import Shelf


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "main.py"
    path.write_text("first")
    return path


@pytest.fixture
def shelf():
    return Shelf()


def put(shelf, source, output, **options):
    """Write an archive of a file and a text, and check what is said of it."""
    arguments = {"kind": "zip", "entries": (Entry("main.py", source), Entry("text", b"text")), "mode": None, **options}
    written = shelf.write(output=output, **arguments)

    assert (output.stat().st_size, digest([output.read_bytes()])) == (written.size, written.digests)
    return written


def read(archive):
    with zipfile.ZipFile(archive) as file:
        return file.read("main.py")


def test_the_same_files_are_archived_once(shelf, source, tmp_path):
    first = put(shelf, source, tmp_path / "one.zip")
    second = put(shelf, source, tmp_path / "two" / "three.zip")

    assert first is second
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two" / "three.zip").read_bytes()


def test_a_changed_file_is_archived_anew(shelf, source, tmp_path):
    put(shelf, source, tmp_path / "one.zip")
    source.write_text("second")
    put(shelf, source, tmp_path / "two.zip")

    assert (b"first", b"second") == (read(tmp_path / "one.zip"), read(tmp_path / "two.zip"))


@pytest.mark.parametrize("options", [{"mode": 0o600}, {"kind": "tar.gz"}, {"entries": (Entry("text", b"other"),)}])
def test_another_archive_of_the_same_files_is_another(shelf, source, tmp_path, options):
    first = put(shelf, source, tmp_path / "one.zip")
    second = put(shelf, source, tmp_path / "two.zip", **options)

    assert first.digests != second.digests


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")], ids=["gone", "overwritten"])
def test_an_archive_that_is_no_longer_there_is_not_copied(shelf, source, tmp_path, spoil):
    put(shelf, source, tmp_path / "one.zip")
    spoil(tmp_path / "one.zip")
    put(shelf, source, tmp_path / "two.zip")

    assert b"first" == read(tmp_path / "two.zip")


def test_a_failure_is_not_remembered(shelf, source, tmp_path):
    with pytest.raises(ArchiveError):
        shelf.write("zip", (), tmp_path / "one.zip", None)
    source.unlink()
    with pytest.raises(FileNotFoundError):
        put(shelf, source, tmp_path / "one.zip")
    source.write_text("first")
    put(shelf, source, tmp_path / "one.zip")

    assert b"first" == read(tmp_path / "one.zip")
