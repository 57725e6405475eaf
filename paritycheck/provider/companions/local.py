"""The provider ``hashicorp/local``, as of 2.5: its data sources really read the files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from paritycheck.provider.companions.archives import ArchiveError, check_file
from paritycheck.provider.companions.digests import digest
from paritycheck.provider.declared import Contents, DeclaredProvider, Type, computed, declare, either, is_known, optional, required
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import Diagnostic, Function, Object, Refused

_LARGEST = 64 * 2**20
"""Bytes of a file beyond which it is refused: it would be text in a plan."""
_DIGESTS = ("base64sha256", "base64sha512", "md5", "sha1", "sha256", "sha512")
_DIGEST_NAMES = tuple(f"content_{name}" for name in _DIGESTS)


def _resource(*, sensitive: bool) -> Contents:
    """Declare a file to write; of a sensitive one, the content is a secret and nobody else may read it."""
    sources = ("content", "content_base64", "source") + (() if sensitive else ("sensitive_content",))
    mode = "0700" if sensitive else "0777"
    contents = {
        **{name: computed("string") for name in ("id", *_DIGEST_NAMES)},
        **{name: either("string", default=mode, replace=True) for name in ("directory_permission", "file_permission")},
        "content": optional("string", sensitive=sensitive, replace=True, exactly_one_of=sources),
        "content_base64": optional("string", sensitive=sensitive, replace=True),
        "filename": required("string", replace=True),
        "source": optional("string", replace=True),
    }
    return contents if sensitive else {**contents, "sensitive_content": optional("string", sensitive=True, deprecated=True, replace=True)}


def _data_source(*, sensitive: bool) -> Contents:
    contents = {name: computed("string", sensitive=sensitive) for name in ("content", "content_base64")}
    return {**contents, **{name: computed("string") for name in ("id", *_DIGEST_NAMES)}, "filename": required("string")}


def _check_permissions(config: Object) -> Iterable[Diagnostic]:
    for name in ("directory_permission", "file_permission"):
        text = config[name]
        if is_known(text) and not (len(text) in (3, 4) and set(text) <= set("01234567")):
            yield Diagnostic(f"Invalid {name}", f"Expected an octal mode such as 0644; got {text!r}.", (name,))


def _read(path: Path) -> bytes:
    if check_file(path).stat().st_size > _LARGEST:
        raise ArchiveError(f"{path} is larger than {_LARGEST} bytes")
    return path.read_bytes()


def _reader(directory: Path) -> Callable[[Object], Object]:
    def read(config: Object) -> Object:
        try:
            content = _read(directory / config["filename"])
        except (ArchiveError, OSError, ValueError) as error:
            raise Refused(Diagnostic("The file cannot be read", f"{error}.", ("filename",))) from error
        digests = digest([content])
        return {
            **config,
            "id": digests["sha1"],
            "content": content.decode(errors="replace"),
            "content_base64": b64encode(content).decode(),
            **{f"content_{name}": digests[name] for name in _DIGESTS},
        }

    return read


def _finder(directory: Path) -> Callable[[str], bool]:
    def is_directory(text: str) -> bool:
        path = directory / text
        try:
            path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ValueError(f"{text!r} cannot be looked at: {error.strerror}") from error
        if path.is_dir():
            return True
        raise ValueError(f"{text!r} is no directory")

    return is_directory


def local_provider(directory: Path, overrides: Overrides) -> DeclaredProvider:
    """Return the provider for configurations whose relative paths begin at `directory`."""
    read = _reader(directory)
    resources: Mapping[str, Type] = {
        "local_file": Type(_resource(sensitive=False), check=_check_permissions),
        "local_sensitive_file": Type(_resource(sensitive=True), check=_check_permissions),
    }
    data_sources: Mapping[str, Type] = {
        "local_file": Type(_data_source(sensitive=False), read=read),
        "local_sensitive_file": Type(_data_source(sensitive=True), read=read),
    }
    return declare(
        "hashicorp/local",
        resources=resources,
        data_sources=data_sources,
        functions={"direxists": Function([("path", "string")], "bool", _finder(directory))},
        overrides=overrides,
    )
