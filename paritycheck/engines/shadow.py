"""A root module's directory, mirrored where Terraform may write.

Terraform keeps `.terraform`, the lock file, states and more in its working directory, and there is no option for all of
them. So it works in a shadow: below a private root, every directory on the way to the user's one exists anew, and all that lies
beside that way is a symbolic link. Relative paths, `path.module` and `templatefile` work as they do in the original, and
without the root's name each path is the original one.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

_OWN = re.compile(r"\.terraform(\.lock\.hcl|\.tfstate\.lock\.info)?|terraform\.tfstate\.d")
_ISOLATED = re.compile(rf"{_OWN.pattern}|terraform\.tfstate(\.backup)?")
_MANIFEST = re.compile(r"modules\.json")

OVERRIDE = "zzzz_paritycheck_override.tf"
"""Override files are merged in the order of their names; this one is the last."""

LOCK_FILE = ".terraform.lock.hcl"


class Shadow:
    """The shadow of one root module, for one environment."""

    def __init__(self, original: Path, root: Path, *, isolated: bool) -> None:
        """Mirror a directory below `root`, which must be private and new; isolated, it has neither local states nor a lock file."""
        self.original = original.resolve()
        self.root = root
        self.directory = root.joinpath(*self.original.parts[1:])
        self.directory.mkdir(parents=True, mode=0o700)
        for ancestor in self.original.parents:
            _link_entries(ancestor, root.joinpath(*ancestor.parts[1:]))
        self._link_content(isolated)

    def _link_content(self, isolated: bool) -> None:
        _link_entries(self.original, self.directory, _ISOLATED if isolated else _OWN)
        _link_entries(self.original / ".terraform" / "modules", self.directory / ".terraform" / "modules", _MANIFEST)
        if manifest := read_manifest(self.original):
            self._write_manifest(manifest)
        if isolated:
            return
        _link_entries(self.original / "terraform.tfstate.d", self.directory / "terraform.tfstate.d")
        if (lock := self.original / LOCK_FILE).is_file():
            (self.directory / LOCK_FILE).write_bytes(lock.read_bytes())

    def use_local_backend(self) -> None:
        """Override whatever backend is configured with one that keeps its state here."""
        (self.directory / OVERRIDE).write_text('terraform {\n  backend "local" {}\n}\n', encoding="ascii")

    def place_state(self, state: Path, workspace: str | None) -> None:
        """Let the local backend find an existing state."""
        folder = self.directory if workspace in {None, "default"} else self.directory / "terraform.tfstate.d" / str(workspace)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "terraform.tfstate").symlink_to(state)

    def link_providers(self, source: Path) -> None:
        """Have the provider packages that are installed in another working directory here too."""
        installed = source / ".terraform" / "providers"
        for package in installed.glob("*/*/*/*/*"):
            link = self.directory / package.relative_to(source)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.exists():
                link.symlink_to(package.resolve())

    def relativize_modules(self) -> None:
        """Write the directories of local modules as they would be without links: they are what `path.module` says."""
        if manifest := read_manifest(self.directory):
            for module in manifest:
                if os.path.isabs(module["Dir"]):  # noqa: PTH117 -- a text of the manifest
                    module["Dir"] = os.path.relpath(self.true_path(module["Dir"]), self.original)
            self._write_manifest(manifest)

    def true_path(self, path: str) -> Path:
        """Return the user's path for one that Terraform tells: relative, in the shadow, or the user's own already."""
        absolute = os.path.normpath(self.directory / path)
        return Path("/", os.path.relpath(absolute, self.root)) if Path(absolute).is_relative_to(self.root) else Path(absolute)

    def reveal(self, document: bytes) -> bytes:
        """Return a document of Terraform's with the user's paths instead of the shadow's."""
        return document.replace(os.fsencode(self.root), b"")

    def reveal_text(self, text: str) -> str:
        """Do the same to a text."""
        return text.replace(str(self.root), "")

    def _write_manifest(self, modules: list[dict[str, Any]]) -> None:
        path = _manifest(self.directory)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"Modules": modules}), encoding="utf-8")


def read_manifest(directory: Path) -> list[dict[str, Any]]:
    """Return the entries (`Key`, `Source`, `Dir`) of the modules installed in a working directory; none where it is unusable."""
    try:
        modules = list(json.loads(_manifest(directory).read_bytes())["Modules"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [module for module in modules if isinstance(module, dict) and isinstance(module.get("Dir"), str)]


def _manifest(directory: Path) -> Path:
    return directory / ".terraform" / "modules" / "modules.json"


def _link_entries(source: Path, target: Path, hidden: re.Pattern[str] = re.compile(r"(?!)")) -> None:
    """Link to every entry of `source` in `target`, but to what is there already; a directory that cannot be read has none."""
    try:
        entries = [entry.name for entry in os.scandir(source) if not hidden.fullmatch(entry.name)]
    except OSError:
        return
    target.mkdir(parents=True, exist_ok=True)
    for name in entries:
        if not os.path.lexists(target / name):
            (target / name).symlink_to(source / name)
