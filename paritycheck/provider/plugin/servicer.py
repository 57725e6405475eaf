"""Answers the calls of Terraform's plugin protocol, version 6, with providers."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import grpc
from tf.gen import tfplugin_pb2 as pb

from paritycheck.errors import ParityError
from paritycheck.provider.interface import Block, Diagnostic, Function, Instance, Object, PlannedChange, Provider, Refused, Schema, Value
from paritycheck.provider.planning.planner import empty_object
from paritycheck.provider.plugin.protocol import diagnostic_message, function_message, path_message, schema_message
from paritycheck.provider.values.state import read_state
from paritycheck.provider.values.wire import WireError, decode, encode

_LOG = logging.getLogger(__name__)

_CAPABILITIES = pb.ServerCapabilities(plan_destroy=True, get_provider_schema_optional=True, move_resource_state=True)


_IMPORTED = b"imported"
"""What Terraform keeps with a resource that this plan imports."""


class Session:
    """What one connection has said: which provider it is for, and how that is configured."""

    def __init__(self, provider: Provider) -> None:
        """Start without a configuration."""
        self.provider = provider
        self._instance: Instance | None = None

    @property
    def instance(self) -> Instance:
        """The configured provider; before it is configured, as validation finds it, one with an empty configuration."""
        if self._instance is None:
            self._instance = self.provider.configure(empty_object(self.provider.schema().block))
        return self._instance

    def configure(self, config: Object) -> None:
        """Configure the provider for this connection."""
        self._instance = self.provider.configure(config)

    def resource(self, type_name: str) -> Schema:
        """Return the schema of a resource type; refuse one that the provider has not."""
        return self._known(self.provider.resource_schema(type_name), "resource type", type_name)

    def data_source(self, type_name: str) -> Schema:
        """Return the schema of a data source; refuse one that the provider has not."""
        return self._known(self.provider.data_source_schema(type_name), "data source", type_name)

    def _known(self, schema: Schema | None, kind: str, type_name: str) -> Schema:
        if schema is None:
            detail = f"The offline engine's schema of {self.provider.source} does not hold it. Add one with `paritycheck schema import`."
            raise Refused(Diagnostic(f'No schema for {kind} "{type_name}"', detail))
        return schema


def _block_of(session: Session, method: str, request: Any) -> Block | None:
    """Return the schema that a request's values are of."""
    if not hasattr(request, "type_name"):
        return session.provider.schema().block
    find = session.provider.data_source_schema if "Data" in method else session.provider.resource_schema
    schema = find(request.type_name)
    return None if schema is None else schema.block


def explain(error: Exception, call: str) -> Sequence[Diagnostic]:
    """Return what a call's failure means to the user."""
    match error:
        case Refused():
            return error.diagnostics
        case ParityError():
            return [Diagnostic(error.message, error.hint or "")]
        case WireError():
            return [Diagnostic("A value does not fit its schema", str(error))]
    _LOG.debug("%s failed", call, exc_info=error)
    return [Diagnostic("This is a bug in paritycheck", f"{call} failed: {type(error).__name__}: {error}")]


def _failure(response: Any, problems: Sequence[Diagnostic], block: Block | None) -> Any:
    """Return the response that says what went wrong; each kind has its own place for it."""
    text = "; ".join(f"{problem.summary}: {problem.detail}" for problem in problems)
    if response is pb.CallFunction.Response:
        return response(error=pb.FunctionError(text=text))
    if response is pb.StopProvider.Response:
        return response(Error=text)
    return response(diagnostics=[diagnostic_message(problem, block) for problem in problems])


class ProviderServicer:
    """Serves the providers of many connections at once; each public method answers the call of its name."""

    def __init__(self, session_of: Callable[[str], Session], types: Collection[str]) -> None:
        """Find sessions by peer with `session_of`, and describe only the resource types and data sources in `types`."""
        self._session_of = session_of
        self._types = types
        self._schemas: dict[Provider, pb.GetProviderSchema.Response] = {}

    def handler(self) -> grpc.GenericRpcHandler:
        """Return what a gRPC server needs to serve the protocol's calls."""
        service = pb.DESCRIPTOR.services_by_name["Provider"]
        return grpc.method_handlers_generic_handler(service.full_name, {call.name: self._handle(call.name) for call in service.methods})

    def _handle(self, call: str) -> grpc.RpcMethodHandler:
        messages = getattr(pb, call)
        method = getattr(self, re.sub("(?<!^)(?=[A-Z])", "_", call).lower())

        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            session = self._session_of(context.peer())
            try:
                return method(session, request)
            except Exception as error:  # noqa: BLE001 - Terraform shows diagnostics, and cannot use a traceback
                block = _block_of(session, call, request) if isinstance(error, Refused) else None
                return _failure(messages.Response, explain(error, call), block)

        return grpc.unary_unary_rpc_method_handler(answer, messages.Request.FromString, messages.Response.SerializeToString)

    def get_metadata(self, session: Session, request: Any) -> pb.GetMetadata.Response:
        """Name what there is."""
        del request
        provider = session.provider
        return pb.GetMetadata.Response(
            server_capabilities=_CAPABILITIES,
            resources=[pb.GetMetadata.ResourceMetadata(type_name=name) for name in self._described(provider.resource_schema)],
            data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=name) for name in self._described(provider.data_source_schema)],
            functions=[pb.GetMetadata.FunctionMetadata(name=name) for name in provider.functions()],
        )

    def get_provider_schema(self, session: Session, request: Any) -> pb.GetProviderSchema.Response:
        """Describe the types that the configurations use: each Terraform process decodes all that is said here."""
        del request
        provider = session.provider
        if provider not in self._schemas:
            self._schemas[provider] = pb.GetProviderSchema.Response(
                provider=schema_message(provider.schema()),
                resource_schemas=self._described(provider.resource_schema),
                data_source_schemas=self._described(provider.data_source_schema),
                server_capabilities=_CAPABILITIES,
                functions=_describe_functions(provider),
            )
        return self._schemas[provider]

    def validate_provider_config(self, session: Session, request: Any) -> pb.ValidateProviderConfig.Response:
        """Accept every configuration: what it means is checked where it is used."""
        decode(request.config.msgpack, session.provider.schema().block.type)
        return pb.ValidateProviderConfig.Response()

    def validate_resource_config(self, session: Session, request: Any) -> pb.ValidateResourceConfig.Response:
        """Check a resource's configuration."""
        block = session.resource(request.type_name).block
        found = session.instance.validate_resource(request.type_name, _read(request.config, block))
        return pb.ValidateResourceConfig.Response(diagnostics=[diagnostic_message(each, block) for each in found])

    def validate_data_resource_config(self, session: Session, request: Any) -> pb.ValidateDataResourceConfig.Response:
        """Check a data source's configuration."""
        block = session.data_source(request.type_name).block
        found = session.instance.validate_data_source(request.type_name, _read(request.config, block))
        return pb.ValidateDataResourceConfig.Response(diagnostics=[diagnostic_message(each, block) for each in found])

    def configure_provider(self, session: Session, request: Any) -> pb.ConfigureProvider.Response:
        """Configure the provider for this connection alone."""
        session.configure(_read(request.config, session.provider.schema().block))
        return pb.ConfigureProvider.Response()

    def upgrade_resource_state(self, session: Session, request: Any) -> pb.UpgradeResourceState.Response:
        """Read a state's JSON by today's schema."""
        block = session.resource(request.type_name).block
        return pb.UpgradeResourceState.Response(upgraded_state=_write(read_state(request.raw_state.json, block), block))

    def read_resource(self, session: Session, request: Any) -> pb.ReadResource.Response:
        """Find every resource as the state has it."""
        del session
        return pb.ReadResource.Response(new_state=request.current_state, private=request.private)

    def plan_resource_change(self, session: Session, request: Any) -> pb.PlanResourceChange.Response:
        """Plan a create, an update or a delete."""
        block = session.resource(request.type_name).block
        prior, proposed, config = (_read(value, block) for value in (request.prior_state, request.proposed_new_state, request.config))
        if request.prior_private == _IMPORTED:
            change = _plan_imported(session.instance, request.type_name, prior, proposed, config)
        else:
            change = session.instance.plan(request.type_name, prior, proposed, config)
        return pb.PlanResourceChange.Response(
            planned_state=_write(change.planned, block),
            requires_replace=[path_message(path, block) for path in change.replace],
            planned_private=request.prior_private,
            # NOTE: defaults of attributes that are not computed are only accepted from a provider of the old kind.
            legacy_type_system=True,
        )

    def apply_resource_change(self, session: Session, request: Any) -> pb.ApplyResourceChange.Response:
        """Refuse to change anything."""
        del session
        raise Refused(Diagnostic("The offline engine only plans", f"{request.type_name} was not changed."))

    def import_resource_state(self, session: Session, request: Any) -> pb.ImportResourceState.Response:
        """Bring a resource under management, as far as it can be known offline."""
        block = session.resource(request.type_name).block
        state = session.instance.import_resource(request.type_name, request.id)
        imported = pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=_write(state, block), private=_IMPORTED)
        return pb.ImportResourceState.Response(imported_resources=[imported])

    def move_resource_state(self, session: Session, request: Any) -> pb.MoveResourceState.Response:
        """Take over from another resource type what has the same name."""
        block = session.resource(request.target_type_name).block
        return pb.MoveResourceState.Response(target_state=_write(read_state(request.source_state.json, block), block))

    def read_data_source(self, session: Session, request: Any) -> pb.ReadDataSource.Response:
        """Read a data source."""
        block = session.data_source(request.type_name).block
        state = session.instance.read_data_source(request.type_name, _read(request.config, block))
        return pb.ReadDataSource.Response(state=_write(state, block))

    def get_functions(self, session: Session, request: Any) -> pb.GetFunctions.Response:
        """Describe the functions."""
        del request
        return pb.GetFunctions.Response(functions=_describe_functions(session.provider))

    def call_function(self, session: Session, request: Any) -> pb.CallFunction.Response:
        """Call a function."""
        function = session.provider.functions()[request.name]
        try:
            return pb.CallFunction.Response(result=pb.DynamicValue(msgpack=_call(function, request.arguments)))
        except ValueError as error:
            return pb.CallFunction.Response(error=pb.FunctionError(text=str(error)))

    def stop_provider(self, session: Session, request: Any) -> pb.StopProvider.Response:
        """Agree to stop: no call takes long."""
        del session, request
        return pb.StopProvider.Response()

    def _described(self, find: Callable[[str], Schema | None]) -> dict[str, pb.Schema]:
        found = ((name, find(name)) for name in self._types)
        return {name: schema_message(schema) for name, schema in found if schema is not None}


def _plan_imported(
    instance: Instance, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None
) -> PlannedChange:
    """Plan what exists but is not known: like a new resource, but for its id, and never to be replaced."""
    planned = instance.plan(type_name, None, proposed, config).planned
    if planned is not None and prior is not None and "id" in planned:
        planned = planned | {"id": prior["id"]}
    return PlannedChange(planned)


def _describe_functions(provider: Provider) -> dict[str, pb.Function]:
    return {name: function_message(function) for name, function in provider.functions().items()}


def _call(function: Function, arguments: Sequence[pb.DynamicValue]) -> bytes:
    types = [cty for _, cty in function.parameters]
    if function.variadic is not None:
        types += [function.variadic[1]] * (len(arguments) - len(types))
    values = [decode(argument.msgpack, cty) for argument, cty in zip(arguments, types, strict=True)]
    return encode(function.call(*values), function.result)


def _read(value: pb.DynamicValue, block: Block) -> Value:
    return decode(value.msgpack, block.type)


def _write(value: Value, block: Block) -> pb.DynamicValue:
    return pb.DynamicValue(msgpack=encode(value, block.type))
