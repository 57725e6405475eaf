"""The provider ``hashicorp/cloudinit``, as of 2.3: a MIME document made of parts."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Iterable, Iterator
from zlib import crc32

from paritycheck.provider.declared import Contents, DeclaredProvider, Type, block, computed, declare, either, optional, required
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import UNKNOWN, Diagnostic, Object

_DEFAULTS = {"base64_encode": True, "boundary": "MIMEBOUNDARY", "gzip": True}


def _with_defaults(config: Object) -> Object:
    parts = [{**part, "content_type": part["content_type"] or "text/plain"} for part in config["part"]]
    return {**config, **{name: default for name, default in _DEFAULTS.items() if config[name] is None}, "part": parts}


def _check(config: Object) -> Iterable[Diagnostic]:
    if config["gzip"] is not UNKNOWN and config["gzip"] is not False and config["base64_encode"] is False:
        yield Diagnostic(
            "Invalid Attribute Configuration", "What is compressed is no text: base64_encode must be true.", ("base64_encode",)
        )


def read_config(config: Object) -> Object:
    """Render the document."""
    config = _with_defaults(config)
    document = "".join(_write_document(config["boundary"], config["part"])).encode()
    if config["gzip"]:
        document = gzip.compress(document, mtime=0)
    rendered = b64encode(document).decode() if config["base64_encode"] else document.decode()
    return {**config, "id": str(crc32(rendered.encode())), "rendered": rendered}


def _write_document(boundary: str, parts: Iterable[Object]) -> Iterator[str]:
    # NOTE: the first line really ends otherwise than the second.
    yield f'Content-Type: multipart/mixed; boundary="{boundary}"\nMIME-Version: 1.0\r\n\r\n'
    for index, part in enumerate(parts):
        yield ("\r\n" if index else "") + f"--{boundary}\r\n"
        yield "".join(f"{name}: {value}\r\n" for name, value in _headers(part)) + "\r\n" + part["content"]
    yield f"\r\n--{boundary}--\r\n"


def _headers(part: Object) -> Iterator[tuple[str, str]]:
    """Yield a part's headers, in the order of their names."""
    if part["filename"]:
        yield "Content-Disposition", f'attachment; filename="{part["filename"]}"'
    yield "Content-Transfer-Encoding", "7bit"
    yield "Content-Type", part["content_type"]
    yield "Mime-Version", "1.0"
    if part["merge_type"]:
        yield "X-Merge-Type", part["merge_type"]


def _contents(*, replace: bool) -> Contents:
    """Declare what the data source and the resource share; only the resource plans defaults."""
    defaults = _DEFAULTS if replace else dict.fromkeys(_DEFAULTS)
    part = {
        "content": required("string", replace=replace),
        "content_type": either("string", default="text/plain" if replace else None, length=(1, None)),
        "filename": optional("string"),
        "merge_type": optional("string"),
    }
    return {
        "base64_encode": either("bool", default=defaults["base64_encode"], replace=replace),
        "boundary": either("string", default=defaults["boundary"], length=(1, None), replace=replace),
        "gzip": either("bool", default=defaults["gzip"], replace=replace),
        "id": computed("string"),
        "part": block("list", part, min_items=1, replace=replace),
        "rendered": computed("string"),
    }


def cloudinit_provider(overrides: Overrides) -> DeclaredProvider:
    """Return the provider."""
    return declare(
        "hashicorp/cloudinit",
        resources={"cloudinit_config": Type(_contents(replace=True), check=_check)},
        data_sources={"cloudinit_config": Type(_contents(replace=False), check=_check, read=read_config)},
        overrides=overrides,
    )
