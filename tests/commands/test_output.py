"""Reports go where they were sent, whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from paritycheck.commands.output import Outputs, check_writable, make_directory, write_file
from paritycheck.errors import UsageError
from paritycheck.reporters import Format, Style
from tests.reporters import sample


def names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def parse(*formats: str, output: Path | None = None) -> Outputs:
    return Outputs.parse(formats, output, Style(width=80))


def test_the_console_report_goes_to_stdout_unless_something_else_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    parse().write(sample.CLEAN)

    assert capsys.readouterr().out.startswith("paritycheck ")


def test_a_format_without_a_file_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    parse("json").write(sample.CLEAN)

    assert "pass" == json.loads(capsys.readouterr().out)["verdict"]


@pytest.mark.parametrize("output", [Path("-"), None])
def test_a_dash_is_stdout(output: Path | None, capsys: pytest.CaptureFixture[str]) -> None:
    parse("json=-", output=output).write(sample.CLEAN)

    assert "pass" == json.loads(capsys.readouterr().out)["verdict"]


def test_output_takes_the_report_from_stdout_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parse("json", output=tmp_path / "a.json").write(sample.CLEAN)

    assert "" == capsys.readouterr().out
    assert "pass" == json.loads((tmp_path / "a.json").read_text())["verdict"]
    assert ["a.json"] == names(tmp_path)


def test_several_reports_are_written_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parse(f"json={tmp_path / 'a=b.json'}", f"console={tmp_path / 'a.txt'}").write(sample.REPORT)

    assert "fail" == json.loads((tmp_path / "a=b.json").read_text())["verdict"]
    assert "FAIL" in (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "FAIL" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("formats", "output", "said"),
    [
        (["yaml"], None, "there is no report format 'yaml'"),
        ([""], None, "there is no report format ''"),
        (["json="], None, "names no file"),
        (["json", "console"], None, "only one report can go to stdout"),
        (["json=a.json", "console=./a.json"], None, "two reports name the same file"),
        (["json=a.json"], "a.json", "two reports name the same file"),
        (["json"], "missing/a.json", "the directory of missing/a.json does not exist"),
        (["json"], ".", ". is a directory"),
        (["json=missing/a.json"], None, "the directory of missing/a.json does not exist"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(
    formats: list[str], output: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        parse(*formats, output=Path(output) if output else None)

    assert said in refused.value.message
    assert refused.value.hint
    assert [] == names(tmp_path)


def test_a_file_keeps_what_it_had_when_it_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UsageError, match="No space left on device"):
        write_file(file, b"new")

    assert "old" == file.read_text()
    assert ["report.json"] == names(tmp_path)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_file(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert b"new" == (tmp_path / "target").read_bytes()


def test_a_file_stays_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.touch()
    file.chmod(0o640)
    write_file(file, b"new")
    kept = stat.S_IMODE(file.stat().st_mode)
    write_file(file, b"new", mode=0o600)

    assert (0o640, 0o600) == (kept, stat.S_IMODE(file.stat().st_mode))


def test_a_pipe_without_a_path_is_written() -> None:
    reading, writing = os.pipe()
    try:
        file = Path(f"/dev/fd/{writing}")
        check_writable(file)
        write_file(file, b"new")

        assert b"new" == os.read(reading, 10)
    finally:
        os.close(reading)
        os.close(writing)


def test_a_report_that_cannot_be_written_keeps_no_other_from_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="/dev/full cannot be written"):
        parse("console", "json=/dev/full", f"sarif={tmp_path / 'a.sarif'}").write(sample.CLEAN)

    assert "PASS" in capsys.readouterr().out
    assert ["a.sarif"] == names(tmp_path)


def test_a_device_is_written_as_it_is() -> None:
    write_file(Path("/dev/null"), b"new")

    assert Path("/dev/null").is_char_device()


def test_a_file_has_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    write_file(tmp_path / "secret", b"", mode=0o600)
    write_file(tmp_path / "open", b"")
    umask = os.umask(0)
    os.umask(umask)

    assert 0o600 == stat.S_IMODE((tmp_path / "secret").stat().st_mode)
    assert 0o666 & ~umask == stat.S_IMODE((tmp_path / "open").stat().st_mode)


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be made"):
        make_directory(tmp_path / "file" / "plans")


@pytest.mark.parametrize("name", list(Format))
def test_every_format_builds_its_reporter(name: Format) -> None:
    assert name.reporter(Style()).render(sample.CLEAN).endswith("\n")
