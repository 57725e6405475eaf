from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from paritycheck.engines.shadow import LOCK_FILE, Shadow, read_manifest
from tests.engines.conftest import Write, content

FILES = {
    "live/dev/main.tf": "",
    "live/dev/files/a.txt": "a",
    f"live/dev/{LOCK_FILE}": "lock",
    "live/dev/terraform.tfstate": "state",
    "live/dev/terraform.tfstate.d/w/terraform.tfstate": "other",
    "live/dev/.terraform/terraform.tfstate": "backend",
    "live/dev/.terraform/modules/modules.json": '{"Modules": [{"Key": "vpc", "Source": "registry/vpc", "Dir": ".terraform/modules/vpc"}]}',
    "live/dev/.terraform/modules/vpc/main.tf": "",
    "live/dev/.terraform/providers/registry.terraform.io/a/b/1.0.0/linux_amd64/program": "",
    "modules/net/main.tf": "net",
}


def shadow_of(directory: Path, tmp_path: Path, *, isolated: bool = True) -> Shadow:
    return Shadow(directory / "live" / "dev", tmp_path / "root", isolated=isolated)


def test_files_are_where_they_are_relative_to_the_original(write: Write, tmp_path: Path) -> None:
    shadow = shadow_of(write(FILES), tmp_path)

    assert "a" == (shadow.directory / "files" / "a.txt").read_text()
    assert "net" == Path(os.path.normpath(shadow.directory / "../../modules/net/main.tf")).read_text()
    assert "net" == (shadow.directory / "../../modules/net/main.tf").read_text()


def test_an_isolated_shadow_has_no_state_no_lock_file_and_no_backend(write: Write, tmp_path: Path) -> None:
    shadow = shadow_of(write(FILES), tmp_path)

    assert [".terraform", "files", "main.tf"] == sorted(path.name for path in shadow.directory.iterdir())
    assert ["modules"] == [path.name for path in (shadow.directory / ".terraform").iterdir()]


def test_another_shadow_has_copies_of_the_lock_file_and_links_to_the_states(write: Write, tmp_path: Path) -> None:
    shadow = shadow_of(write(FILES), tmp_path, isolated=False)

    assert "lock" == (shadow.directory / LOCK_FILE).read_text()
    assert not (shadow.directory / LOCK_FILE).is_symlink()
    assert "state" == (shadow.directory / "terraform.tfstate").read_text()
    assert "other" == (shadow.directory / "terraform.tfstate.d/w/terraform.tfstate").read_text()


def test_what_is_written_in_the_shadow_is_not_in_the_original(write: Write, tmp_path: Path) -> None:
    directory = write(FILES)
    before = content(directory)
    for isolated in (True, False):
        shadow = Shadow(directory / "live" / "dev", tmp_path / f"root{isolated}", isolated=isolated)
        shadow.use_local_backend()
        shadow.place_state(directory / "live/dev/terraform.tfstate", "new")
        shadow.link_providers(shadow.original)
        shadow.relativize_modules()
        for name in (LOCK_FILE, ".terraform/x", "terraform.tfstate.d/x", "y"):
            (shadow.directory / name).write_text("changed")

    assert before == content(directory)


def test_installed_modules_and_providers_are_found(write: Write, tmp_path: Path) -> None:
    shadow = shadow_of(write(FILES), tmp_path)
    shadow.link_providers(shadow.original)

    assert [".terraform/modules/vpc"] == [module["Dir"] for module in read_manifest(shadow.directory)]
    assert (shadow.directory / ".terraform/modules/vpc/main.tf").exists()
    assert (shadow.directory / ".terraform/providers/registry.terraform.io/a/b/1.0.0/linux_amd64/program").exists()


def test_directories_of_local_modules_are_written_as_the_original_has_them(write: Write, tmp_path: Path) -> None:
    directory = write(FILES)
    shadow = shadow_of(directory, tmp_path)
    manifest = {"Modules": [{"Key": "net", "Dir": str(directory.resolve() / "modules/net")}, {"Key": "", "Dir": "."}]}
    (shadow.directory / ".terraform/modules/modules.json").write_text(json.dumps(manifest))

    shadow.relativize_modules()

    assert ["../../modules/net", "."] == [module["Dir"] for module in read_manifest(shadow.directory)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"Modules": 1}', '{"Modules": [1, {"Dir": 2}]}', "\0"])
def test_a_broken_manifest_has_no_modules(text: str, tmp_path: Path) -> None:
    (tmp_path / ".terraform/modules").mkdir(parents=True)
    (tmp_path / ".terraform/modules/modules.json").write_text(text)

    assert [] == read_manifest(tmp_path)


def test_paths_are_told_as_the_user_knows_them(write: Write, tmp_path: Path) -> None:
    directory = write(FILES).resolve()
    shadow = shadow_of(directory, tmp_path)

    assert directory / "live/dev/main.tf" == shadow.true_path("main.tf")
    assert directory / "modules/net/main.tf" == shadow.true_path("../../modules/net/main.tf")
    assert directory / "live/dev/main.tf" == shadow.true_path(str(shadow.directory / "main.tf"))
    assert Path("/elsewhere/x.tfvars") == shadow.true_path("/elsewhere/x.tfvars")
    assert f'"{directory}/live/dev"'.encode() == shadow.reveal(f'"{shadow.directory}"'.encode())


def test_a_directory_that_cannot_be_listed_is_passed_through(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As homes often are for other users' processes."""
    directory = write(FILES).resolve()
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if path == directory:
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    shadow = shadow_of(directory, tmp_path)

    assert (shadow.directory / "main.tf").exists()
    assert not (shadow.directory / "../../modules").exists()
