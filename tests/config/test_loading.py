"""`parity.yaml` becomes frozen values, or one clear error."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paritycheck.allowlist import AllowRule, Order, ProtectRule
from paritycheck.config import Config, Environment, Normalize, Policies, find_config, load_config
from paritycheck.config.loading import EXAMPLE, MAX_BYTES
from paritycheck.errors import ConfigError, Location

Load = Callable[[str], Config]

BASE = "version: 1\nenvironments:\n  dev: {}\n  prod: {}\n"
HERE = "Paths are relative to ., where parity.yaml is."
WHY = "Why, in words that the next reviewer understands. A rule without one is a proposal, and permits nothing yet."
RULE = BASE + "allow:\n  - id: a\n    resources: [aws_x.*]\n    attributes: [b]\n    reason: r\n"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load this text as `parity.yaml` of the working directory."""
    monkeypatch.chdir(tmp_path)

    def load_text(text: str) -> Config:
        Path("parity.yaml").write_text(text, encoding="utf-8")
        return load_config(Path("parity.yaml"))

    return load_text


def test_everything_that_can_be_said(load: Load, tmp_path: Path) -> None:
    """Every key arrives, paths absolute, in the file's order."""
    for name in ("live", "policies"):
        (tmp_path / name).mkdir()
    for name in ("dev.tfvars", "aws.json"):
        (tmp_path / name).touch()

    config = load(
        """\
version: 1
engine: terraform
environments:
  dev:
    dir: live
    var_files: [dev.tfvars]
    variables: {size: 3, names: [a]}
    workspace: w
    env: {AWS_PROFILE: p}
    backend_config: [key=value, backend.hcl]
    plan: dev.json
    state: dev.tfstate
  prod:
normalize:
  variable: env
  tokens:
    account: {dev: "1", prod: "2"}
allow:
  - id: shards
    resources: [aws_kinesis_stream.*]
    attributes: [shard_count]
    order: ascending
    min: 1
    max: 8.5
    one_of: [1, 2]
    environments: [prod]
    owner: data team
    expires: 2031-02-03
    reason: " Shards follow the load. "
protect:
  - {id: routes, resources: [aws_route.*], reason: One protocol.}
data_sources:
  aws_ami: {id: ami-1}
schemas: [aws.json]
policies: {directory: policies}
terraform: bin/tofu
"""
    )

    assert (
        Config(
            path=tmp_path / "parity.yaml",
            engine="terraform",
            environments=(
                Environment(
                    name="dev",
                    dir=tmp_path / "live",
                    var_files=(tmp_path / "dev.tfvars",),
                    variables={"size": 3, "names": ["a"]},
                    workspace="w",
                    env={"AWS_PROFILE": "p"},
                    backend_config=("key=value", str(tmp_path / "backend.hcl")),
                    plan=tmp_path / "dev.json",
                    state=tmp_path / "dev.tfstate",
                ),
                Environment("prod", tmp_path),
            ),
            normalize=Normalize("env", {"account": {"dev": "1", "prod": "2"}}),
            allow=(
                AllowRule(
                    id="shards",
                    resources=("aws_kinesis_stream.*",),
                    attributes=("shard_count",),
                    reason="Shards follow the load.",
                    order=Order.ASCENDING,
                    min=1,
                    max=8.5,
                    one_of=(1, 2),
                    environments=("prod",),
                    owner="data team",
                    expires=date(2031, 2, 3),
                    location=Location("parity.yaml", 19, 5),
                ),
            ),
            protect=(ProtectRule("routes", ("aws_route.*",), ("*",), "One protocol.", Location("parity.yaml", 31, 5)),),
            data_sources={"aws_ami": {"id": "ami-1"}},
            schemas=(tmp_path / "aws.json",),
            known=("dev", "prod"),
            policies=Policies(tmp_path / "policies"),
            terraform=str(tmp_path / "bin/tofu"),
        )
        == config
    )
    assert Location("parity.yaml", 7, 17) == config.environments[0].locations["variables.size"]


def test_values_are_frozen(load: Load) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load(BASE).engine = "files"  # type: ignore[misc]


def test_expired_rules_load(load: Load) -> None:
    """A transition that has ended is a finding of the run, not an error of the file."""
    assert date(2020, 1, 1) == load(RULE + "    expires: 2020-01-01\n").allow[0].expires


def test_anchors_and_merges(load: Load) -> None:
    """What environments share may be written once."""
    config = load("version: 1\nenvironments:\n  dev: &e {env: {A: b}, workspace: w}\n  prod: {<<: *e, workspace: v}\n")

    assert [("w", {"A": "b"}), ("v", {"A": "b"})] == [(each.workspace, each.env) for each in config.environments]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (BASE + "allw: []\n", "5:1", "the file has no key 'allw'", "Did you mean allow?"),
        (
            BASE + "zzz: 1\n",
            "5:1",
            "the file has no key 'zzz'",
            (
                "Accepted: "
                "version, engine, environments, normalize, allow, protect, data_sources, schemas, policies, least_privilege, "
                "baseline, terraform."
            ),
        ),
        (BASE.replace("dev: {}", "dev: {var_file: [x]}"), "3:9", "environments.dev has no key 'var_file'", "Did you mean var_files?"),
        (BASE.replace("{}", "{dir: 3}", 1), "3:9", "environments.dev.dir must be a text, not a number", "Put it in quotes."),
        (BASE.replace("1", "2"), "1:1", "version is 2, which is not accepted", "Accepted: 1."),
        (BASE + "engine: ofline\n", "5:1", "engine is 'ofline', which is not accepted", "Did you mean offline?"),
        (
            "version: 1\nenvironments: {dev: {}}\n",
            "2:1",
            "environments holds only dev: it takes 2 or more",
            "The environments by name, from the smallest to the largest; two or more.",
        ),
        ("version: 1\nenvironments: {dev: {}, dev: {}}\n", "2:25", "the key 'dev' is given twice", "It is first given in line 2."),
        (
            "version: 1\nenvironments:\n  no: {}\n  prod: {}\n",
            "3:3",
            "no means different things to different readers of YAML",
            'Write "no" for the text, or true, false or a plain number.',
        ),
        (
            BASE.replace("prod", "../x"),
            "4:3",
            "'../x' is not accepted as a name in environments",
            "Letters, digits, dots, dashes and underscores, 63 at most; the first is a letter or digit.",
        ),
        (
            BASE.replace("{}", "{var_files: [no.tfvars]}", 1),
            "3:21",
            "the variables file no.tfvars does not exist",
            HERE,
        ),
        (
            BASE.replace("{}", "{dir: gone}", 1),
            "3:9",
            "the directory gone does not exist",
            HERE,
        ),
        (BASE.replace("{}", f"{{dir: {'x' * 300}}}", 1), "3:9", f"the directory {'x' * 300} does not exist", HERE),
        (BASE.replace("{}", '{dir: "x\\0"}', 1), "3:9", "the directory x\0 does not exist", HERE),
        (
            BASE + "data_sources:\n  data.aws_ami.web: {id: ami-1}\n",
            "6:3",
            "'data.aws_ami.web' is not accepted as a name in data_sources",
            "Name a data source's type, such as `aws_ami`; the answer holds for all data sources of the type.",
        ),
        (
            BASE + "normalize: {variable: a b}\n",
            "5:13",
            "normalize.variable is 'a b', which is not accepted",
            "The variable that holds the environment's name, such as `env`; without one, the names under `environments` are used.",
        ),
        (BASE + "schemas: [a.json]\n", "5:11", "the schema a.json does not exist", HERE),
        (
            BASE + "policies: gone\n",
            "5:1",
            "the directory gone does not exist",
            HERE,
        ),
        (
            BASE + "policies: {builtin: al}\n",
            "5:12",
            "policies.builtin is 'al', which is not accepted",
            "Ids of checkov's own checks to run, such as `CKV_AWS_7`, or `all`.",
        ),
        (
            BASE + "least_privilege: {functions: [{resources: [aws_lambda_function.a], sources: [gone]}]}\n",
            "5:78",
            "the directory gone does not exist",
            "Paths are relative to ., where parity.yaml is.",
        ),
        (
            BASE + 'least_privilege: {functions: [{resources: [a], sources: ["{role}"]}]}\n',
            "5:58",
            "least_privilege: {role} is no placeholder",
            "There are {function_name}, {key}, {name}.",
        ),
        (
            BASE + "least_privilege: {functions: [{resources: [a], sources: ['{key}']}], observed: gone.json}\n",
            "5:70",
            "the file of observed calls gone.json does not exist",
            "Paths are relative to ., where parity.yaml is.",
        ),
        (
            BASE + "least_privilege: {functions: []}\n",
            "5:19",
            "least_privilege.functions is empty",
            "For each function, the first entry that matches counts; the rest of the functions is not proven.",
        ),
        (BASE + "policies: {timeout: 0}\n", "5:12", "policies.timeout must be more than 0", "It is in seconds."),
        (
            BASE + "policies: {directory: gone}\n",
            "5:12",
            "the directory gone does not exist",
            HERE,
        ),
        (
            BASE + "engine: files\n",
            "3:3",
            "dev names no plan to read",
            "The files engine reads ready plans: add `plan: FILE`, or `state: FILE`.",
        ),
        (
            "version: 1\nenvironments:\n  dev: {plan: a.json}\n  prod: {plan: ./x/../a.json}\n",
            "4:10",
            "dev and prod name the same plan, a.json",
            "Give every environment a plan of its own: a plan always agrees with itself.",
        ),
        (RULE.replace("    reason: r\n", ""), "6:5", "allow[0].reason is missing", WHY),
        (RULE.replace("reason: r", "reason: ' '"), "9:5", "allow[0].reason is empty", WHY),
        (
            RULE.replace("[aws_x.*]", "[]"),
            "7:5",
            "allow[0].resources is empty",
            "Patterns of resource addresses; `*` matches any text. `output.NAME` addresses an output.",
        ),
        (
            RULE.replace("aws_x.*", "'aws_x[\"'"),
            "6:5",
            "rule 'a': the pattern 'aws_x[\"' has a bracket or a quote without its counterpart",
            'Write an address or a path as reports show it, such as aws_sqs_queue.this["orders"]; `*` stands for any text.',
        ),
        (RULE + RULE[RULE.index("  - id") :], "10:5", "two rules have the id a", "It is first given in line 6."),
        (RULE + "    order: up\n", "10:5", "allow[0].order is 'up', which is not accepted", "Accepted: ascending, descending."),
        (RULE + "    min: x\n", "10:5", "allow[0].min must be a number, not a text", "Least value allowed."),
        (RULE + "    min: true\n", "10:5", "allow[0].min must be a number, not true or false", "Least value allowed."),
        (RULE + "    min: 3\n    max: 2\n", "10:5", "the rule a permits nothing: min 3 is greater than max 2", "Exchange them."),
        (
            RULE + "    expires: 2031-02-30\n",
            "10:5",
            "allow[0].expires is '2031-02-30', which is no date",
            "Last day on which the rule allows anything, such as 2030-12-31.",
        ),
        (
            RULE + "    one_of: [x]\n    order: ascending\n",
            "10:5",
            "the rule a has both order, which takes numbers, and 'x' in one_of",
            "Drop order.",
        ),
        (
            RULE + "    one_of: [1, 9]\n    max: 5\n",
            "10:5",
            "the rule a never permits 9, which is beyond its max",
            "Remove it from one_of.",
        ),
        (RULE + "    environments: [prd]\n", "10:20", "the rule a names 'prd', which is no environment", "Did you mean prod?"),
        (
            RULE + "protect:\n  - {id: p, resources: [aws_x.*], reason: x}\n",
            "6:5",
            "allow rule 'a' allows what protect rule 'p' protects",
            "Remove the allow rule, or narrow its patterns or those of the protect rule.",
        ),
        (
            BASE + 'normalize: {tokens: {account: {dev: "1"}}}\n',
            "5:22",
            "the token account has no text for prod",
            "Give one for every environment.",
        ),
        (
            BASE + 'normalize: {tokens: {account: {dev: "1", prod: "1"}}}\n',
            "5:42",
            "the token account is the same for dev and prod",
            "Texts of a token must differ, or nobody can tell which environment is meant.",
        ),
        (
            BASE + 'normalize: {tokens: {account: {dev: "1", prod: "2", prd: "3"}}}\n',
            "5:53",
            "the token account names 'prd', which is no environment",
            "Did you mean prod?",
        ),
    ],
)
def test_mistakes(load: Load, text: str, place: str, message: str, hint: str) -> None:
    """Each is told with its place and the mend."""
    with pytest.raises(ConfigError) as caught:
        load(text)

    assert (message, hint, f"parity.yaml:{place}") == (caught.value.message, caught.value.hint, str(caught.value.location))


def test_plans_at_impossible_paths_load(load: Load) -> None:
    """Whoever reads the plan tells that there is none."""
    assert Path("x\0") == Path(load(BASE.replace("{}", '{plan: "x\\0"}', 1)).environments[0].plan or "").relative_to(Path.cwd())


def test_further_mistakes_are_listed(load: Load) -> None:
    """One run is enough to mend several."""
    with pytest.raises(ConfigError) as caught:
        load("version: 1\nx: 1\ny: 2\nenvironments: []\n")

    assert "the file has no key 'x'" == caught.value.message
    assert "parity.yaml:3:1: the file has no key 'y'\nparity.yaml:4:1: environments must be a mapping, not a list" == caught.value.details


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "parity.yaml is empty"),
        (b"# nothing\n", "parity.yaml is empty"),
        (b"text", "parity.yaml holds no mapping of keys to values"),
        (b"[]", "parity.yaml holds no mapping of keys to values"),
        (b"version: 1 # \xff", "parity.yaml is not UTF-8 text"),
        ("version: 1".encode("utf-16"), "parity.yaml is not UTF-8 text"),
        (b" " * (MAX_BYTES + 1), "parity.yaml is larger than 1 MiB"),
    ],
)
def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parity.yaml").write_bytes(data)

    with pytest.raises(ConfigError) as caught:
        load_config(Path("parity.yaml"))

    assert message == caught.value.message


def test_a_missing_file_shows_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError) as caught:
        load_config(Path("parity.yaml"))

    assert ("there is no parity.yaml", "Name one with --config, or write parity.yaml:", EXAMPLE) == (
        caught.value.message,
        caught.value.hint,
        caught.value.details,
    )


def test_the_example_is_valid(load: Load, tmp_path: Path) -> None:
    for name in ("dev", "prod"):
        (tmp_path / f"{name}.tfvars").touch()

    assert ["dev", "prod"] == [environment.name for environment in load(EXAMPLE).environments]


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory"):
        load_config(tmp_path)


def test_find_config_looks_up_to_the_repository(tmp_path: Path) -> None:
    """A command works in a subdirectory too, but never takes another repository's file."""
    inner = tmp_path / "repository" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "parity.yaml").touch()
    (tmp_path / "repository" / ".git").mkdir()

    with pytest.raises(ConfigError, match="there is no"):
        find_config(inner)

    (tmp_path / "repository" / "parity.yaml").touch()

    assert tmp_path / "repository" / "parity.yaml" == find_config(inner)


def test_find_config_outside_of_a_repository_looks_here_only(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "parity.yaml").touch()

    with pytest.raises(ConfigError, match="there is no"):
        find_config(tmp_path / "a")


def test_find_config_tells_a_wrong_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parity.yml").touch()

    with pytest.raises(ConfigError) as caught:
        find_config(tmp_path)

    assert "Rename parity.yml to parity.yaml." == caught.value.hint


WORDS = st.sampled_from(
    [
        "version",
        "1",
        "environments",
        "dev",
        "prod",
        "allow",
        "id",
        "a",
        "reason",
        "resources",
        "min",
        "plan",
        "<<",
        "*a",
        "&a ",
        "!!x ",
        "null",
    ]
) | st.text(max_size=4)
PIECES = st.sampled_from([": ", "\n", "\n  ", "\n  - ", "{", "}", "[", "]", ", ", "- ", "? ", "|\n  ", "'", '"', "---\n", "\x00", "\t"])


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | PIECES, max_size=30).map("".join), st.booleans())
def test_any_text_loads_or_is_refused(tmp_path_factory: pytest.TempPathFactory, text: str, begun: bool) -> None:
    """Nothing but a `ConfigError` comes of a broken file."""
    path = tmp_path_factory.getbasetemp() / "parity.yaml"
    path.write_bytes(((BASE if begun else "") + text).encode("utf-8", "surrogatepass"))

    with contextlib.suppress(ConfigError):
        load_config(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just("dev") | st.just("\x00"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["dev", "prod", "id", "resources", "a", "tokens"]), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = ["engine", "normalize", "allow", "protect", "data_sources", "schemas", "policies", "least_privilege", "environments", "version"]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_any_values_load_or_are_refused(tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]) -> None:
    """Wrong types, names and paths in every place are told, never crashed upon."""
    import yaml

    path = tmp_path_factory.getbasetemp() / "parity.yaml"
    path.write_text(yaml.safe_dump({"version": 1, "environments": {"dev": {}, "prod": {}}, **data}), encoding="utf-8")

    with contextlib.suppress(ConfigError):
        load_config(path)
