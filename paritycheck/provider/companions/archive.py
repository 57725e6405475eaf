"""The provider ``hashicorp/archive``, as of 2.7: its data source really writes the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from paritycheck.provider.companions.archives import WRITERS, ArchiveError, Entry, Listing, check_file
from paritycheck.provider.companions.mirror import claim
from paritycheck.provider.companions.shelf import Shelf
from paritycheck.provider.declared import TEXT_SET, Contents, DeclaredProvider, Type, block, computed, declare, optional, required
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import Diagnostic, Object, Refused

_SHELF = Shelf()
_SOURCES = ("source", "source_content_filename", "source_file", "source_dir")
_DIGESTS: Mapping[str, str] = {
    "output_base64sha256": "base64sha256",
    "output_base64sha512": "base64sha512",
    "output_md5": "md5",
    "output_sha": "sha1",
    "output_sha256": "sha256",
    "output_sha512": "sha512",
}


def _contents(*, replace: bool) -> Contents:
    """Declare what the data source and the resource share."""
    inline = ("source_content", "source_content_filename")
    source = {"content": required("string", replace=replace), "filename": required("string", replace=replace)}
    return {
        "exclude_symlink_directories": optional("bool"),
        "excludes": optional(TEXT_SET, replace=replace, conflicts_with=("source_file", *inline)),
        "id": computed("string"),
        "output_file_mode": optional("string", replace=replace),
        "output_path": required("string", replace=replace),
        "output_size": computed("number"),
        "source": block("set", source, conflicts_with=("source_file", "source_dir", *inline), at_least_one_of=_SOURCES),
        "source_content": optional("string", replace=replace, conflicts_with=("source_file", "source_dir")),
        "source_content_filename": optional("string", replace=replace, conflicts_with=("source_file", "source_dir")),
        "source_dir": optional("string", replace=replace, conflicts_with=("source_file", *inline)),
        "source_file": optional("string", replace=replace, conflicts_with=("source_dir", *inline)),
        "type": required("string", replace=replace),
        **{name: computed("string") for name in _DIGESTS},
    }


class _Archiver:
    """Writes archives for the configurations of one directory."""

    def __init__(self, directory: Path, original: Path) -> None:
        self._directory = directory
        self._original = original

    def read(self, config: Object) -> Object:
        """Write the archive and return its digests; raise `Refused` where that fails."""
        try:
            output = claim(config["output_path"], self._directory, self._original)
            written = _SHELF.write(_read_kind(config), tuple(self._entries(config, output)), output, _read_mode(config))
        except (ArchiveError, OSError, ValueError, RecursionError) as error:
            raise Refused(Diagnostic("The archive cannot be written", f"{error}.")) from error
        return {
            **config,
            "id": written.digests["sha1"],
            "output_size": written.size,
            **{name: written.digests[kind] for name, kind in _DIGESTS.items()},
        }

    def _entries(self, config: Object, output: Path) -> Iterator[Entry]:
        if config["source_dir"] is not None:
            listing = Listing(tuple(config["excludes"] or ()), not config["exclude_symlink_directories"], output)
            directories = (base / config["source_dir"] for base in (self._original, self._directory))
            yield from listing.entries(next((path for path in directories if path.is_dir()), self._original / config["source_dir"]))
        elif config["source_file"] is not None:
            path = check_file(self._directory / config["source_file"])
            yield Entry(path.name, path)
        elif config["source_content_filename"] is not None:
            yield Entry(config["source_content_filename"], (config["source_content"] or "").encode())
        else:
            contents = {source["filename"]: source["content"].encode() for source in config["source"]}
            yield from (Entry(name, content) for name, content in sorted(contents.items()))


def _read_kind(config: Object) -> str:
    kind: str = config["type"]
    if kind not in WRITERS:
        raise ArchiveError(f"type must be one of {', '.join(WRITERS)}; it is {kind!r}")
    return kind


def _read_mode(config: Object) -> int | None:
    text = config["output_file_mode"]
    if not text:
        return None
    try:
        mode = int(text, 8)
    except ValueError as error:
        raise ArchiveError(f"output_file_mode must be an octal number such as 0644; it is {text!r}") from error
    if not 0 <= mode <= 0o7777:
        raise ArchiveError(f"output_file_mode must be a file mode such as 0644; it is {text!r}")
    return mode


def archive_provider(directory: Path, overrides: Overrides, original: Path | None = None) -> DeclaredProvider:
    """Return the provider for configurations whose relative paths begin at `directory`.

    Where that one only mirrors another, by links, directories to archive are looked for in the `original` first.
    """
    return declare(
        "hashicorp/archive",
        resources={"archive_file": Type(_contents(replace=True))},
        data_sources={"archive_file": Type(_contents(replace=False), read=_Archiver(directory, original or directory).read)},
        overrides=overrides,
    )
