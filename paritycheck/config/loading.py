"""From the file to frozen values."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paritycheck.allowlist import AllowRule, Order, ProtectRule
from paritycheck.config.model import Config, Environment, FunctionSources, LeastPrivilege, Normalize, Policies
from paritycheck.errors import ConfigError, Location, shown_path

if TYPE_CHECKING:
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
    return read_config(path, _read(path.absolute()))


def read_config(path: Path, text: str) -> Config:
    """Read what `parity.yaml` holds, or is to hold; see `load_config`."""
    from paritycheck.config.checks import check_config
    from paritycheck.config.schema import validate
    from paritycheck.config.yamltext import parse

    path = path.absolute()
    document = parse(text, shown_path(path))
    if not isinstance(document.data, dict):
        problem = "is empty" if document.data is None else "holds no mapping of keys to values"
        raise ConfigError(f"{shown_path(path)} {problem}", hint="Start from:", details=EXAMPLE, location=path)
    validate(document)
    config = _config(path, document)
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


def _config(path: Path, document: Document) -> Config:
    data, base = document.data, path.parent
    normalize = data.get("normalize", {})
    return Config(
        path=path,
        engine=data.get("engine", "offline"),
        environments=tuple(_environment(name, each or {}, base, document) for name, each in data["environments"].items()),
        normalize=Normalize(normalize.get("variable"), normalize.get("tokens", {})),
        allow=tuple(_allow(rule, document.place(("allow", index))) for index, rule in enumerate(data.get("allow", ()))),
        protect=tuple(_protect(rule, document.place(("protect", index))) for index, rule in enumerate(data.get("protect", ()))),
        data_sources=data.get("data_sources", {}),
        schemas=tuple(_under(base, text) for text in data.get("schemas", ())),
        known=tuple(data["environments"]),
        policies=_policies(data["policies"], base) if "policies" in data else None,
        least_privilege=_least_privilege(data["least_privilege"], base, document) if "least_privilege" in data else None,
        baseline=_under(base, data["baseline"]) if "baseline" in data else None,
        terraform=_program(data.get("terraform"), base),
    )


def _least_privilege(data: Mapping[str, Any], base: Path, document: Document) -> LeastPrivilege:
    here = ("least_privilege", "functions")
    return LeastPrivilege(
        functions=tuple(
            FunctionSources(
                functions=tuple(each["resources"]),
                sources=tuple(str(_under(base, text)) for text in each["sources"]),
                location=document.place((*here, index)),
            )
            for index, each in enumerate(data["functions"])
        ),
        observed=_under(base, data["observed"]) if "observed" in data else None,
    )


def _policies(data: str | Mapping[str, Any], base: Path) -> Policies:
    if isinstance(data, str):
        data = {"directory": data}
    builtin = data.get("builtin", ())
    return Policies(
        directory=_under(base, data["directory"]) if "directory" in data else None,
        builtin="all" if isinstance(builtin, str) else tuple(builtin),
        checkov=_program(data.get("checkov"), base),
        timeout=data.get("timeout", 300),
    )


def _program(text: str | None, base: Path) -> str | None:
    """Return a program's path, or its name where it is to be searched for."""
    return str(_under(base, text)) if text and os.sep in text else text


def _environment(name: str, data: Mapping[str, Any], base: Path, document: Document) -> Environment:
    return Environment(
        name=name,
        dir=_under(base, data.get("dir", ".")),
        var_files=tuple(_under(base, text) for text in data.get("var_files", ())),
        variables=data.get("variables", {}),
        workspace=data.get("workspace"),
        env=data.get("env", {}),
        backend_config=tuple(text if "=" in text else str(_under(base, text)) for text in data.get("backend_config", ())),
        plan=_under(base, data["plan"]) if "plan" in data else None,
        state=_under(base, data["state"]) if "state" in data else None,
        locations=dict(_locations(name, document)),
    )


def _locations(name: str, document: Document) -> Iterator[tuple[str, Location]]:
    for path, location in document.places.items():
        if path[:2] == ("environments", name):
            yield ".".join(map(str, path[2:])), location


def _under(base: Path, text: str) -> Path:
    return Path(os.path.normpath(base / text))


def _allow(data: Mapping[str, Any], location: Location) -> AllowRule:
    return AllowRule(
        id=data["id"],
        resources=tuple(data["resources"]),
        attributes=tuple(data["attributes"]),
        reason=(data["reason"] or "").strip(),
        order=Order(data["order"]) if "order" in data else None,
        min=data.get("min"),
        max=data.get("max"),
        one_of=tuple(data.get("one_of", ())),
        environments=tuple(data.get("environments", ())),
        owner=data.get("owner"),
        expires=date.fromisoformat(data["expires"]) if "expires" in data else None,
        location=location,
    )


def _protect(data: Mapping[str, Any], location: Location) -> ProtectRule:
    return ProtectRule(data["id"], tuple(data["resources"]), tuple(data.get("attributes", ["*"])), data["reason"].strip(), location)
