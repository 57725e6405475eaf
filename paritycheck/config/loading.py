"""From the file to frozen values."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from paritycheck.allowlist import AllowRule, Order, ProtectRule
from paritycheck.config.model import Config, Environment, Normalize
from paritycheck.errors import ConfigError, Location, shown_path

if TYPE_CHECKING:
    from paritycheck.config.document import AllowSection, EnvironmentSection, ParitySection, ProtectSection
    from paritycheck.config.yamltext import Document

NAME = "parity.yaml"
MAX_BYTES = 1024 * 1024
"""Size of the largest file that is read."""

EXAMPLE = """\
version: 1
environments:              # from the smallest to the largest
  dev:  {var_files: [dev.tfvars]}
  prod: {var_files: [prod.tfvars]}
normalize: {variable: env}
"""
"""The smallest file that is of use."""


def find_config(start: Path) -> Path:
    """Return the nearest `parity.yaml` in a directory or those above it, up to the repository's root.

    Outside of a repository only the directory itself counts. Raises `ConfigError` where there is none.
    """
    for directory in _up_to_repository(start.resolve()):
        if (directory / NAME).is_file():
            return directory / NAME
    misnamed = next((path for path in (start / "parity.yml", start / ".parity.yaml") if path.is_file()), None)
    if misnamed:
        raise ConfigError(f"there is no {NAME}", hint=f"Rename {shown_path(misnamed)} to {NAME}.", location=misnamed)
    raise _missing(start / NAME)


def load_config(path: Path) -> Config:
    """Read `parity.yaml`. Raises `ConfigError` that says what is wrong, where, and what is accepted."""
    from paritycheck.config.checks import check_config
    from paritycheck.config.complaints import validate
    from paritycheck.config.yamltext import parse

    path = path.absolute()
    document = parse(_read(path), shown_path(path))
    if document.data is None:
        raise ConfigError(f"{shown_path(path)} is empty", hint="Start from:", details=EXAMPLE, location=path)
    section = validate(document)
    config = _config(path, section, document)
    check_config(config, document)
    return config


def _up_to_repository(start: Path) -> list[Path]:
    directories = [start, *start.parents]
    root = next((index for index, directory in enumerate(directories) if (directory / ".git").exists()), 0)
    return directories[: root + 1]


def _missing(path: Path) -> ConfigError:
    return ConfigError(f"there is no {shown_path(path)}", hint=f"Name one with --config, or write {NAME}:", details=EXAMPLE, location=path)


def _read(path: Path) -> str:
    shown = shown_path(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except OSError as error:
        raise ConfigError(f"cannot read {shown}: {error.strerror}", location=path) from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{shown} is larger than {MAX_BYTES // 1024**2} MiB", hint="Is it the right file?", location=path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown} is not UTF-8 text", hint="Save it in that encoding.", location=Location(shown, line)) from error


def _config(path: Path, section: ParitySection, document: Document) -> Config:
    base = path.parent
    terraform = section.terraform
    return Config(
        path=path,
        engine=section.engine,
        environments=tuple(_environment(name, each, base, document) for name, each in section.environments.items()),
        normalize=Normalize(section.normalize.variable, section.normalize.tokens),
        allow=tuple(_allow(rule, document.place(("allow", index))) for index, rule in enumerate(section.allow)),
        protect=tuple(_protect(rule, document.place(("protect", index))) for index, rule in enumerate(section.protect)),
        data_sources=section.data_sources,
        schemas=tuple(_under(base, text) for text in section.schemas),
        policies=_under(base, section.policies.directory) if section.policies else None,
        terraform=str(_under(base, terraform)) if terraform and os.sep in terraform else terraform,
    )


def _environment(name: str, section: EnvironmentSection | None, base: Path, document: Document) -> Environment:
    if section is None:
        return Environment(name, base, locations=dict(_locations(name, document)))
    return Environment(
        name=name,
        dir=_under(base, section.dir or "."),
        var_files=tuple(_under(base, text) for text in section.var_files),
        variables=section.variables,
        workspace=section.workspace,
        env=section.env,
        backend_config=tuple(text if "=" in text else str(_under(base, text)) for text in section.backend_config),
        plan=_under(base, section.plan) if section.plan else None,
        state=_under(base, section.state) if section.state else None,
        locations=dict(_locations(name, document)),
    )


def _locations(name: str, document: Document) -> Iterator[tuple[str, Location]]:
    for path, location in document.places.items():
        if path[:2] == ("environments", name):
            yield ".".join(map(str, path[2:])), location


def _under(base: Path, text: str) -> Path:
    return Path(os.path.normpath(base / text))


def _allow(section: AllowSection, location: Location) -> AllowRule:
    return AllowRule(
        id=section.id,
        resources=tuple(section.resources),
        attributes=tuple(section.attributes),
        reason=section.reason,
        order=Order(section.order) if section.order else None,
        min=section.min,
        max=section.max,
        one_of=tuple(section.one_of or ()),
        environments=tuple(section.environments or ()),
        owner=section.owner,
        expires=section.expires,
        location=location,
    )


def _protect(section: ProtectSection, location: Location) -> ProtectRule:
    return ProtectRule(section.id, tuple(section.resources), tuple(section.attributes), section.reason, location)
