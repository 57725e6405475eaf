"""The protocol's calls, asked directly: those that Terraform makes seldom."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from tf.gen import tfplugin_pb2 as pb

from paritycheck.errors import ConfigError
from paritycheck.provider.aws.provider import AwsProvider
from paritycheck.provider.generic import GenericProvider
from paritycheck.provider.interface import UNKNOWN, Object, Schema
from paritycheck.provider.planning.planner import empty_object
from paritycheck.provider.plugin.server import ProviderServer
from paritycheck.provider.values.wire import decode, encode

Call = Callable[..., Any]


class BrokenProvider(AwsProvider):
    """Has a catalog that cannot be read."""

    def resource_schema(self, type_name: str) -> Schema | None:
        raise ConfigError("the catalog is broken", hint="import it again")


@pytest.fixture
def connect(sockets: Path) -> Iterator[Callable[[GenericProvider], Call]]:
    """Return a function that asks a provider: it takes a call's name and its request's fields."""
    with ProviderServer((), sockets, ["aws_sqs_queue", "aws_region"]) as server:

        def connect(provider: GenericProvider) -> Call:
            (address, *_) = json.loads(server.attach([provider])).values()
            channel = grpc.insecure_channel(f"unix:{address['Addr']['String']}")

            def call(rpc: str, **fields: Any) -> Any:
                messages = getattr(pb, rpc)
                send = channel.unary_unary(f"/tfplugin6.Provider/{rpc}", messages.Request.SerializeToString, messages.Response.FromString)
                return send(messages.Request(**fields), timeout=20)

            return call

        yield connect


@pytest.fixture
def call(connect: Callable[[GenericProvider], Call]) -> Call:
    return connect(AwsProvider({}))


def queue(**config: Any) -> pb.DynamicValue:
    schema = AwsProvider({}).resource_schema("aws_sqs_queue")
    assert schema is not None
    return pb.DynamicValue(msgpack=encode(empty_object(schema.block) | config, schema.block.type))


def read_queue(value: pb.DynamicValue) -> Object:
    schema = AwsProvider({}).resource_schema("aws_sqs_queue")
    assert schema is not None
    return dict(decode(value.msgpack, schema.block.type))


def test_metadata_names_the_described_types(call: Call) -> None:
    """And every function."""
    answer = call("GetMetadata")

    assert (["aws_sqs_queue"], ["aws_region", "aws_sqs_queue"]) == (
        [each.type_name for each in answer.resources],
        sorted(each.type_name for each in answer.data_sources),
    )
    assert (
        {"arn_build", "arn_parse", "trim_iam_role_path"} == {each.name for each in answer.functions} == set(call("GetFunctions").functions)
    )


def test_a_schema_is_described_the_same_every_time(call: Call) -> None:
    """Each Terraform process asks for it."""
    first, second = (call("GetProviderSchema") for _ in range(2))

    assert (["aws_sqs_queue"], ["aws_region", "aws_sqs_queue"]) == (list(first.resource_schemas), sorted(first.data_source_schemas))
    assert (first, True) == (second, first.server_capabilities.get_provider_schema_optional)


def test_a_refused_argument_is_named_by_its_path(call: Call) -> None:
    """Terraform shows its line."""
    (diagnostic,) = call("ValidateResourceConfig", type_name="aws_sqs_queue", config=queue(delay_seconds=1000)).diagnostics

    assert ["delay_seconds"] == [step.attribute_name for step in diagnostic.attribute.steps]
    assert "expected delay_seconds to be in the range (0 - 900), got 1000" == diagnostic.summary


def test_a_type_without_a_schema_is_refused(call: Call) -> None:
    """With what to do about it."""
    (diagnostic,) = call("ValidateResourceConfig", type_name="aws_nothing", config=queue()).diagnostics

    assert ('No schema for resource type "aws_nothing"', True) == (diagnostic.summary, "paritycheck schema import" in diagnostic.detail)


def test_an_error_of_ours_is_shown_with_its_hint(connect: Callable[[GenericProvider], Call]) -> None:
    """As on the command line."""
    (diagnostic,) = connect(BrokenProvider({}))("PlanResourceChange", type_name="aws_sqs_queue").diagnostics

    assert ("the catalog is broken", "import it again") == (diagnostic.summary, diagnostic.detail)


def test_a_value_that_is_none_is_refused(call: Call) -> None:
    """Bytes of another kind are one clear error."""
    (diagnostic,) = call("ReadDataSource", type_name="aws_region", config=pb.DynamicValue(msgpack=b"\xc1")).diagnostics

    assert "A value does not fit its schema" == diagnostic.summary


def test_a_resource_may_take_over_another_type_s_state(call: Call) -> None:
    """What has the same name and fits."""
    answer = call(
        "MoveResourceState",
        source_type_name="acme_queue",
        target_type_name="aws_sqs_queue",
        source_state=pb.RawState(json=b'{"name": "q", "delay_seconds": "5", "other": 1}'),
    )

    moved = read_queue(answer.target_state)
    assert {"name": "q", "delay_seconds": 5} == {name: value for name, value in moved.items() if value}


def test_a_resource_is_found_as_the_state_has_it(call: Call) -> None:
    """Nothing is read offline."""
    state = queue(name="q", arn=UNKNOWN)

    assert state == call("ReadResource", type_name="aws_sqs_queue", current_state=state).new_state


def test_a_deleted_resource_is_planned_as_nothing(call: Call) -> None:
    """Terraform asks for that too."""
    gone = pb.DynamicValue(msgpack=b"\xc0")

    planned = call("PlanResourceChange", type_name="aws_sqs_queue", prior_state=queue(name="q"), proposed_new_state=gone, config=gone)

    assert gone == planned.planned_state


def test_a_change_that_replaces_says_where(call: Call) -> None:
    """As the facts know it."""
    prior = queue(name="q", id="i", arn="a", url="u", fifo_queue=False)
    wanted = queue(name="other")

    planned = call("PlanResourceChange", type_name="aws_sqs_queue", prior_state=prior, proposed_new_state=wanted, config=wanted)

    assert "name" in {path.steps[0].attribute_name for path in planned.requires_replace}


def test_a_function_that_is_none_is_a_bug(call: Call) -> None:
    """Terraform asks only for what is described."""
    assert "bug in paritycheck" in call("CallFunction", name="nothing").error.text


def test_stopping_is_agreed_to(call: Call) -> None:
    """There is nothing to stop."""
    assert "" == call("StopProvider").Error


def test_a_provider_is_configured_for_its_connection(connect: Callable[[GenericProvider], Call]) -> None:
    """Two connections have two regions."""
    calls = {region: connect(AwsProvider({})) for region in ("eu-west-1", "us-west-2")}
    block = AwsProvider({}).schema().block
    for region, call in calls.items():
        config = pb.DynamicValue(msgpack=encode(empty_object(block) | {"region": region}, block.type))
        assert [] == [*call("ValidateProviderConfig", config=config).diagnostics, *call("ConfigureProvider", config=config).diagnostics]

    schema = AwsProvider({}).data_source_schema("aws_region")
    assert schema is not None
    config = pb.DynamicValue(msgpack=encode(empty_object(schema.block), schema.block.type))
    found = {
        region: decode(call("ReadDataSource", type_name="aws_region", config=config).state.msgpack, schema.block.type)["id"]
        for region, call in calls.items()
    }
    assert {region: region for region in calls} == found
