import zipfile

import pytest

from paritycheck.provider.companions.archive import archive_provider
from paritycheck.provider.companions.digests import digest
from paritycheck.provider.interface import UNKNOWN, Refused


@pytest.fixture
def source(tmp_path):
    directory = tmp_path / "source"
    (directory / "package").mkdir(parents=True)
    (directory / "main.py").write_text("main")
    (directory / "package" / "part.py").write_text("part")
    return directory


@pytest.fixture
def asking(ask, tmp_path):
    return ask(archive_provider(tmp_path, {}))


def names(path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"source_dir": "source"}, ["main.py", "package/part.py"]),
        ({"source_dir": "source", "excludes": ["package"]}, ["main.py"]),
        ({"source_file": "source/package/part.py"}, ["part.py"]),
        ({"source_content": "x", "source_content_filename": "a/b"}, ["a/b"]),
        ({"source_content_filename": "empty"}, ["empty"]),
        ({"source": [{"filename": "b", "content": "1"}, {"filename": "a", "content": "2"}]}, ["a", "b"]),
    ],
)
def test_the_archive_is_written_where_the_user_wants_it(asking, source, tmp_path, config, expected):
    read = asking.read("archive_file", type="zip", output_path="./new/out.zip", **config)

    data = (tmp_path / "new" / "out.zip").read_bytes()
    assert expected == names(tmp_path / "new" / "out.zip")
    digests = digest([data])
    assert (len(data), digests["sha1"], digests["sha1"]) == (read["output_size"], read["output_sha"], read["id"])
    assert (digests["base64sha256"], digests["md5"]) == (read["output_base64sha256"], read["output_md5"])


def test_a_mode_is_for_all_files(asking, source, tmp_path):
    asking.read("archive_file", type="zip", source_dir="source", output_path="out.zip", output_file_mode="0600")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert {0o600} == {info.external_attr >> 16 & 0o777 for info in archive.infolist()}


def test_writing_it_again_changes_nothing(asking, source):
    config = {"type": "tar.gz", "source_dir": "source", "output_path": "source/out.tgz"}

    assert asking.read("archive_file", **config) == asking.read("archive_file", **config)


def test_directories_are_those_of_the_original_where_links_mirror_it(ask, source, tmp_path):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "main.py").symlink_to(source / "main.py")
    (mirror / "package").symlink_to(source / "package")
    (mirror / "made").mkdir()
    (mirror / "made" / "here.txt").write_text("")
    asking = ask(archive_provider(mirror, {}, source))
    common = {"type": "zip", "exclude_symlink_directories": True, "output_path": "out.zip"}

    asking.read("archive_file", source_dir=".", **common)
    assert ["main.py", "package/part.py"] == names(mirror / "out.zip")
    asking.read("archive_file", source_dir="made", **common)
    assert ["here.txt"] == names(mirror / "out.zip")


@pytest.mark.parametrize(
    "config",
    [
        {"source_dir": "missing"},
        {"source_file": "missing"},
        {"source_file": "."},
        {"source_dir": "source", "excludes": ["**"]},
        {"source_dir": "source", "excludes": ["[a"]},
        {"source_dir": "source", "output_path": "source/main.py/x"},
        {"source_dir": "source", "output_path": "source"},
        {"source_dir": "source", "type": "rar"},
        {"source_dir": "source", "output_file_mode": "rwx"},
        {"source_dir": "source", "output_file_mode": "77777777"},
        {"source_content_filename": "a\0b", "output_path": "a\0b"},
    ],
)
def test_what_cannot_be_archived_is_refused_and_leaves_nothing_behind(asking, source, tmp_path, config):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refused):
        asking.read("archive_file", **{"type": "zip", "output_path": "out.zip"} | config)

    assert before == sorted(tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "config",
    [{}, {"source_dir": "a", "source_file": "b"}, {"source_file": "a", "source_content": "b"}],
)
def test_contradicting_sources_are_refused(asking, config):
    assert asking.read_complaints("archive_file", type="zip", output_path="x", **config)


def test_the_resource_writes_nothing_before_apply(asking, source, tmp_path):
    planned = asking.create("archive_file", type="zip", source_dir="source", output_path="out.zip")

    assert (UNKNOWN, UNKNOWN, False) == (planned["id"], planned["output_sha"], (tmp_path / "out.zip").exists())
