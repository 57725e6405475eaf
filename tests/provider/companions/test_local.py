import pytest

from paritycheck.provider.companions.local import local_provider
from paritycheck.provider.interface import UNKNOWN, Refused


@pytest.fixture
def asking(ask, tmp_path):
    (tmp_path / "hello.txt").write_bytes(b"hello\n\xff")
    return ask(local_provider(tmp_path, {}))


@pytest.mark.parametrize(("type_name", "mode"), [("local_file", "0777"), ("local_sensitive_file", "0700")])
def test_a_file_has_a_mode_and_unknown_digests(asking, type_name, mode):
    planned = asking.create(type_name, filename="x", content="y")

    assert (mode, mode, UNKNOWN, UNKNOWN) == tuple(
        planned[name] for name in ("file_permission", "directory_permission", "id", "content_base64sha512")
    )


def test_the_content_of_a_sensitive_file_is_a_secret(asking):
    sensitive = {
        type_name: sorted(name for name, each in asking.provider.resource_schema(type_name).block.attributes.items() if each.sensitive)
        for type_name in ("local_file", "local_sensitive_file")
    }

    assert {"local_file": ["sensitive_content"], "local_sensitive_file": ["content", "content_base64"]} == sensitive


@pytest.mark.parametrize("config", [{}, {"content": "a", "source": "b"}, {"content": "a", "file_permission": "rw"}])
def test_what_the_provider_refuses_is_refused(asking, config):
    assert 1 == len(asking.complaints("local_file", filename="x", **config))


def test_a_file_is_read(asking):
    read = asking.read("local_file", filename="./hello.txt")

    assert ("hello\n\ufffd", "aGVsbG8K/w==") == (read["content"], read["content_base64"])
    assert ("d2ada7af68abe1379a437057edbd943a", 40) == (read["content_md5"], len(read["id"]))


@pytest.mark.parametrize("name", ["missing.txt", ".", "/dev/zero", "a\0b"])
def test_what_is_no_file_is_refused(asking, name):
    with pytest.raises(Refused):
        asking.read("local_file", filename=name)


def test_directories_are_found(asking, tmp_path):
    assert [True, True, False] == [asking.call("direxists", path) for path in (".", str(tmp_path), "missing")]


@pytest.mark.parametrize("path", ["hello.txt", "hello.txt/x", "a\0b"])
def test_what_can_be_no_directory_is_an_error(asking, path):
    with pytest.raises(ValueError, match="."):  # noqa: RUF043 - any text
        asking.call("direxists", path)


def test_a_huge_file_is_refused(asking, tmp_path):
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2**30)

    with pytest.raises(Refused):
        asking.read("local_file", filename="huge")
