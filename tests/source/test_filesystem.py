"""Which files functions read is told from the source, and where it cannot be told, that is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.config import Environment
from paritycheck.source import Sources
from paritycheck.source.filesystem import FileRead, Untold, files_read, module_directories

COMMON = """\
variable "env" {}
variable "folder" {
  default = "texts"
}
variable "secret" {
  default   = "hidden"
  sensitive = true
}
locals {
  name  = "a.json"
  paths = { one = "texts/one.txt", two = ["texts/two.txt"] }
  wanted = toset(["x", "y"])
}
"""

Read = Callable[[str], list[tuple[str, tuple[str, ...], bool] | str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return what an expression reads: paths below the module, endings and depth, or why that is not told."""

    def reader(expression: str, name: str = "main.tf") -> list[tuple[str, tuple[str, ...], bool] | str]:
        (tmp_path / "common.tf").write_text(COMMON)
        text = expression if name.endswith(".json") or "\n" in expression else f"output x {{\n  value = {expression}\n}}\n"
        (tmp_path / name).write_text(text)
        found = files_read(Sources.load(Environment("dev", tmp_path, variables={"env": "dev"})))
        return [shown(each, tmp_path) for each in found]

    return reader


def shown(found: FileRead | Untold, root: Path) -> tuple[str, tuple[str, ...], bool] | str:
    if isinstance(found, Untold):
        return found.reason
    path = found.path.resolve()
    return str(path.relative_to(root) if path.is_relative_to(root) else path), found.endings, found.deep


def file(path: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(path, ("",), False)]


def below(path: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(path, ("",), True)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('file("a.json")', file("a.json")),
        ('file("${path.module}/a.json")', file("a.json")),
        ('file("${path.root}/a.json")', file("a.json")),
        ('file("${path.cwd}/a.json")', file("a.json")),
        ('file("/etc/hosts")', file("/etc/hosts")),
        ('filebase64sha256(abspath("a.json"))', file("a.json")),
        ('fileexists("${path.module}/${local.name}")', file("a.json")),
        ('file("${var.folder}/${var.env}.txt")', file("texts/dev.txt")),
        ('file("${var.folder}/${1}.txt")', file("texts/1.txt")),
        ("file(local.paths.one)", file("texts/one.txt")),
        ("file(local.paths.two[0])", file("texts/two.txt")),
        ('file(local.paths["one"])', file("texts/one.txt")),
        ('templatefile("a.tftpl", { x = file("b.txt") })', file("a.tftpl") + file("b.txt")),
        ('file(var.env == "dev" ? "a" : "b")', file("a")),
        ('file(timestamp() == "" ? "a" : "b")', file("a") + file("b")),
        ('[for w in local.wanted : file("texts/${w}.txt")]', below("texts")),
        ('[for w in fileset("texts", "*.txt") : file("texts/${w}")]', [("texts", (".txt",), False), *below("texts")]),
        ('fileset("texts", "deep/*.txt")', [("texts/deep", (".txt",), False)]),
        ('fileset("texts", "deep/**/*.txt")', below("texts/deep")),
        ('fileset("texts", "**")', below("texts")),
        ('fileset("texts", local.wanted)', below("texts")),
        ('fileset("texts", "{a,b}.txt")', below("texts")),
        ('fileset(".", "*.json")', [(".", (".json",), False)]),
        ('"file(a)"', []),
        ("upper(var.env) # file(x)", []),
        ("[timestamp(), uuid(), bcrypt(var.env)]", []),
        ("filebase64sha256(data.archive_file.x.output_path)", []),
        ("filebase64sha256(data.archive_file.x[each.key].output_path)", []),
        ('<<-EOT\n  ${file("a.json")}\n  EOT\n', file("a.json")),
    ],
)
def test_finds_what_is_read(expression: str, expected: list[object], read: Read) -> None:
    source = f"output x {{\n  value = {expression}\n}}\n" if "\n" in expression else expression

    assert expected == read(source)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("file(each.value)", "it cannot be told which file file() reads"),
        ('file("${each.key}.json")', "it cannot be told which file file() reads"),
        ('file("${path.module}/${each.key}.json")', "it cannot be told which file file() reads"),
        ('file("${path.module}/../${each.key}")', "it cannot be told which file file() reads"),
        ('fileset(path.module, "**/*.json")', "it cannot be told which file fileset() reads"),
        ("file(var.env.path)", "it cannot be told which file file() reads"),
        ("file(var.env[0].path)", "it cannot be told which file file() reads"),
        ("file(var.secret)", "it cannot be told which file file() reads"),
        ("file(data.archive_file.x.source_dir)", "it cannot be told which file file() reads"),
        ('[for local in [{ name = "b.json" }] : file(local.name)]', "file() depends on more than what is written"),
        ('[for k, var in { a = { env = "x" } } : file(var.env)]', "file() depends on more than what is written"),
        ("file()", "file() depends on more than what is written"),
        ("plantimestamp()", "plantimestamp() depends on more than what is written"),
        ("templatestring(local.name, {})", "templatestring() depends on more than what is written"),
    ],
)
def test_says_what_is_not_told(expression: str, reason: str, read: Read) -> None:
    assert [reason] == read(expression)


def test_no_secret_is_part_of_a_path(read: Read) -> None:
    assert below("texts") == read('file("texts/${var.secret}")')


def test_reads_json_as_well(read: Read) -> None:
    assert file("a.json") == read('{"output": {"x": {"value": "${file(\\"a.json\\")}"}}}', "main.tf.json")  # type: ignore[call-arg]


def test_follows_local_modules_and_names_others(tmp_path: Path) -> None:
    child = tmp_path / "child"
    child.mkdir()
    (child / "main.tf").write_text('variable "text" {}\noutput "x" { value = file("${path.module}/${var.text}") }\n')
    (tmp_path / "main.tf").write_text(
        'module "a" {\n  source = "./child"\n  text = "a.txt"\n}\n'
        'module "b" {\n  source = "./child"\n  text = "b.txt"\n}\n'
        'module "far" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
    )
    sources = Sources.load(Environment("dev", tmp_path))

    assert [*file("child/a.txt"), *file("child/b.txt"), "module far is not a directory of this repository"] == [
        shown(each, tmp_path) for each in files_read(sources)
    ]
    assert (tmp_path, child) == module_directories(sources)


def test_a_hostile_configuration_finds_an_end(read: Read) -> None:
    chain = "".join(f'l{n + 1} = uuid() == "" ? local.l{n} : local.l{n}\n' for n in range(35))
    found = read(f'locals {{\nl0 = "a.json"\n{chain}}}\noutput x {{\nvalue = file(local.l35)\n}}\n')

    assert "it cannot be told which file file() reads" in found
    assert len(found) < 10_000
