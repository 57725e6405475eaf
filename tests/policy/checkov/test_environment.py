"""Where checkov's interpreter comes from; what is made is made once, whole or not at all. No package index is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paritycheck.errors import PlanError
from paritycheck.policy.checkov.environment import LOCK, find_checkov
from tests.policy.checkov.running import PYTHON, ROOT

UV = """\
#!/bin/sh
echo "$@" >> "$HOME/calls"
if [ "$1" = venv ]; then
  for last; do :; done
  mkdir -p "$last/bin"
  ln -s {python} "$last/bin/python"
else
  sleep 0.3
  {then}
fi
"""


def never(_: Path) -> None:
    pytest.fail("nothing is to be made")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    return tmp_path


def outer(home: Path, then: str = "exit 0") -> dict[str, str]:
    """An environment with a `uv` that only says what it was asked for."""
    uv = home / "bin" / "uv"
    uv.write_text(UV.replace("{python}", sys.executable).replace("{then}", then))
    uv.chmod(0o755)
    return {"HOME": str(home), "PATH": f"{home / 'bin'}:/usr/bin:/bin", "PYTHONPATH": "/nowhere"}


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


def test_the_lock_file_is_the_one_of_the_repository() -> None:
    """`make lock` writes that; the package holds a copy."""
    assert (ROOT / "requirements" / "checkov.txt").read_bytes() == LOCK.read_bytes()


def test_the_environment_beside_the_configuration_is_used(home: Path) -> None:
    python = home / ".checkov" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)

    assert python == find_checkov(None, home, never, outer(home))


def test_a_script_that_no_python_runs_is_refused_at_once(home: Path) -> None:
    script = home / "checkov"
    script.write_text("#!/bin/sh\necho checkov\n")

    with pytest.raises(PlanError, match="There is no checkov at"):
        find_checkov(str(script), home, never, outer(home))


def test_an_environment_is_made_once(home: Path) -> None:
    told: list[Path] = []
    first = find_checkov(None, home, told.append, outer(home))
    second = find_checkov(None, home, never, outer(home))

    assert first == second
    assert [first.parents[1]] == told
    assert home / ".cache" / "paritycheck" == first.parents[2]
    assert ["venv", "pip"] == [call.split()[0] for call in calls(home)]
    assert f"--require-hashes -r {LOCK}" in calls(home)[1]


def test_the_cache_is_where_the_user_wants_it(home: Path) -> None:
    variables = {**outer(home), "XDG_CACHE_HOME": str(home / "elsewhere")}

    assert find_checkov(None, home, lambda _: None, variables).is_relative_to(home / "elsewhere" / "paritycheck")
    assert find_checkov(None, home, lambda _: None, variables | {"XDG_CACHE_HOME": "relative"}).is_relative_to(home / ".cache")


def test_processes_that_need_it_at_once_make_it_once(home: Path) -> None:
    variables, told = outer(home), []
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find_checkov(None, home, told.append, variables), range(4)))

    assert 1 == len(set(found))
    assert 2 == len(calls(home))
    assert 4 == len(told), "who waits for another process is told why"


def test_one_that_was_interrupted_is_made_again(home: Path) -> None:
    code = f"from pathlib import Path; from paritycheck.policy.checkov import find_checkov; find_checkov(None, Path({str(home)!r}), print)"
    environment = {**outer(home, "kill -9 $PPID; sleep 1"), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, check=False, capture_output=True)
    python = find_checkov(None, home, lambda _: None, outer(home))

    assert ended.returncode == -9
    assert python.exists()
    assert 4 == len(calls(home))


def test_without_a_package_index_it_is_said_what_to_do(home: Path) -> None:
    with pytest.raises(PlanError) as caught:
        find_checkov(None, home, lambda _: None, outer(home, "echo 'no route to host' >&2; exit 2"))

    assert "checkov cannot be installed: Installing checkov failed with exit code 2" == caught.value.message
    assert "no route to host" == caught.value.details
    assert "--checkov" in str(caught.value.hint)
    assert not list((home / ".cache" / "paritycheck").glob("*/bin"))


def test_a_cache_that_cannot_be_written_is_told(home: Path) -> None:
    (home / "file").touch()
    with pytest.raises(PlanError, match="Cannot make an environment for checkov"):
        find_checkov(None, home, never, {**outer(home), "XDG_CACHE_HOME": str(home / "file")})


def test_a_user_without_a_home_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.getuid", lambda: 2**31 - 2)
    with pytest.raises(PlanError, match="the user has no home directory"):
        find_checkov(None, home, never, {"PATH": "/usr/bin"})


def test_a_checkov_is_named_in_any_of_three_ways(home: Path) -> None:
    environment = PYTHON.parents[1]
    (home / "link").symlink_to(environment / "bin" / "checkov")
    (home / "script").write_text(f"#!{PYTHON}\n")
    (home / "env").write_text("#!/usr/bin/env python3\n")
    named = [environment, environment / "bin" / "checkov", environment / "bin" / "python", home / "link", home / "script"]

    assert [PYTHON] * 5 == [find_checkov(str(path), home, never) for path in named]
    assert find_checkov(str(home / "env"), home, never).name.startswith("python")


def test_a_checkov_is_found_by_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PYTHON.parent}:{os.environ['PATH']}")

    assert PYTHON == find_checkov("checkov", home, never)


@pytest.mark.parametrize("named", ["gone", "./gone", ".", "file"])
def test_a_checkov_that_there_is_not_is_told(home: Path, named: str) -> None:
    (home / "file").write_bytes(b"\x7fELF")
    with pytest.raises(PlanError, match="There is no checkov at"):
        find_checkov(named, home, never)
