"""One environment's planned resources, with a text for what only an apply makes known, so that policies can be judged before.

An unknown value is what the configuration writes (its references resolved), else what AWS will call the resource by the form
of its ARNs, else a text that stands for this attribute and no other. What is none of these stays unknown.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from string import Formatter
from typing import Any

from paritycheck.plan import Plan, Resource
from paritycheck.plan.configuration import leaves, static_address
from paritycheck.policy.privilege.documents import render_document
from paritycheck.policy.privilege.names import DEFAULTS, FORMS, IDENTITIES, LINKS, is_document
from paritycheck.policy.privilege.values import UNKNOWN, close_holes, conceal, open_holes, render_path, step_down
from paritycheck.source import HOLE, Sources
from paritycheck.source.addresses import parse_address, parse_path

_STANDS_FOR = "⟦{}⟧"
_ACCOUNT = re.compile(rb"arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):")
_SPECIAL = re.compile(r"[^\w.\[\]-]")
_GONE = frozenset({"delete", "forget"})
_DEEPEST = 30
_DOCUMENTS = ("json", "minified_json")
_POLICY = ".aws_iam_policy_document."
_OWN_KEY = frozenset({"each.key", "count.index"})


class Stack:
    """The resources of a plan by address, and their values as far as they can be told."""

    def __init__(self, plan: Plan, sources: Sources | None = None) -> None:
        """Take a plan, and the configuration that it was made from, if that is at hand."""
        self.environment = plan.environment
        self.resources: Mapping[str, Resource] = {
            resource.address: resource
            for resource in plan.resources.values()
            if resource.deposed is None and resource.change.action not in _GONE
        }
        self.sources = sources
        self._plan = plan
        self._values: dict[str, tuple[Any, Any, Any]] = {}
        self._told: dict[tuple[str, tuple[Any, ...]], Any] = {}
        self._depth = 0

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the managed resources of some types, in the plan's order."""
        return (resource for kind in types for resource in self._by_type.get(kind, ()))

    def value(self, resource: Resource, path: str) -> Any:
        """Return what an attribute holds: JSON data, with `UNKNOWN` at any depth for what cannot be told."""
        return self._value(resource, parse_path(path))

    def text(self, resource: Resource, path: str) -> str:
        """Return an attribute that is a text; nothing where it is not, or cannot be told."""
        found = self.value(resource, path)
        return found if isinstance(found, str) else ""

    def configured(self, address: str) -> Mapping[str, Any]:
        """Return the expressions of a block's attributes, as the plan has them."""
        return self._configured.get(static_address(address), {})

    @staticmethod
    def is_sensitive(resource: Resource) -> bool:
        """Whether anything of a resource is sensitive."""
        return b"true" in bytes(resource.change.after_sensitive)

    def is_set(self, resource: Resource, path: str) -> bool:
        """Whether the configuration sets an attribute; of a state, which has none, whether it is there."""
        name = str(parse_path(path)[0])
        if self._plan.has_configuration:
            return name in self.configured(resource.address) or self._is_dynamic(resource, name)
        return bool(self.value(resource, name))

    def _is_dynamic(self, resource: Resource, name: str) -> bool:
        return self.sources is not None and name in self.sources.dynamic_blocks(resource.address)

    def find(self, name: str, *types: str) -> Resource | None:
        """Return the resource that an ARN, an id, a name or an address of its means; of some types only, where they are given."""
        found = [resource for resource in self._named.get(name, ()) if not types or resource.type in types]
        return found[0] if found else None

    def owner(self, arn: str) -> Resource | None:
        """Return the resource that an ARN is of, or of a part of: an index, a stream, an object."""
        while arn.count(":") > 4:
            if found := self.find(arn):
                return found
            arn = arn[: max(arn.rfind("/"), arn.rfind(":"))]
        return None

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """Partition, region and account, as far as the plan tells them."""
        account = next((text for data in self._data("aws_caller_identity") if (text := self.text(data, "account_id"))), "")
        region = next((text for data in self._data("aws_region") for name in ("region", "name") if (text := self.text(data, name))), "")
        partition = next((text for data in self._data("aws_partition") if (text := self.text(data, "partition"))), "aws")
        return {
            "partition": partition,
            "region": region or self._provider_region() or _STANDS_FOR.format("region"),
            "account": account or self._common_account() or _STANDS_FOR.format("account"),
        }

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources.values():
            if resource.managed:
                found[resource.type].append(resource)
        return found

    @cached_property
    def _by_block(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources.values():
            found[static_address(resource.address)].append(resource)
        return found

    @cached_property
    def _configured(self) -> Mapping[str, Mapping[str, Any]]:
        return {address: block.expressions or {} for address, block, _ in self._plan.configuration.resources()}

    @cached_property
    def _named(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for kind, forms in FORMS.items():
            names = {"name", "bucket", "function_name", *(name for name in IDENTITIES if name in forms or name == "id")}
            for resource in self._by_type.get(kind, ()):
                for text in {self.text(resource, name) for name in names} - {""}:
                    found[text].append(resource)
        return found

    def _data(self, kind: str) -> Iterator[Resource]:
        return (resource for resource in self.resources.values() if not resource.managed and resource.type == kind)

    def _common_account(self) -> str:
        """Return the account that most ARNs of the plan name."""
        accounts = Counter(_ACCOUNT.findall(self._plan.document))
        return accounts.most_common(1)[0][0].decode() if accounts else ""

    def _provider_region(self) -> str:
        """Return the region of the AWS provider's block, if that is a text or a variable."""
        for provider in self._plan.configuration.provider_config.values():
            region = (provider.expressions or {}).get("region")
            if provider.name == "aws" and not provider.alias and isinstance(region, dict):
                names = [str(name).removeprefix("var.") for name in region.get("references", ())]
                texts = [region.get("constant_value"), *(self._plan.variables.get(name) for name in names)]
                return next((text for text in texts if isinstance(text, str)), "")
        return ""

    def _value(self, resource: Resource, path: tuple[Any, ...]) -> Any:
        """Return a value without what in it is sensitive: nothing that is told of a policy may repeat that."""
        _, _, marks = self._decode(resource)
        for step in path:
            marks = step_down(marks, step)
        return UNKNOWN if marks is True else conceal(self._find(resource, path), marks)

    def _find(self, resource: Resource, path: tuple[Any, ...]) -> Any:
        """Go down as far as the plan knows, and tell what it does not know."""
        known, unknown, _ = self._decode(resource)
        for step in path:
            if unknown is True:
                return self._tell(resource, path)
            known, unknown = step_down(known, step), step_down(unknown, step)
        if known is None and not unknown and not path[1:]:
            return DEFAULTS.get((resource.type, str(path[0]))) if path else None
        return self._fill(resource, path, known, unknown)

    def _fill(self, resource: Resource, path: tuple[Any, ...], known: Any, unknown: Any) -> Any:
        if unknown is True:
            return self._tell(resource, path)
        if isinstance(unknown, dict) and isinstance(known, dict):
            keys = dict.fromkeys([*known, *(name for name, part in unknown.items() if part)])
            return {name: self._fill(resource, (*path, name), known.get(name), unknown.get(name, False)) for name in keys}
        if isinstance(unknown, list) and isinstance(known, list):
            return [self._fill(resource, (*path, number), part, step_down(unknown, number)) for number, part in enumerate(known)]
        return known

    def _decode(self, resource: Resource) -> tuple[Any, Any, Any]:
        """Return what is known of a resource, what is unknown, and what is sensitive."""
        if resource.address not in self._values:
            change = resource.change
            decoded = [self._plan.decode(raw) for raw in (change.after, change.after_unknown, change.after_sensitive)]
            self._values[resource.address] = decoded[0], decoded[1], decoded[2]
        return self._values[resource.address]

    def _tell(self, resource: Resource, path: tuple[Any, ...]) -> Any:
        """Find out once what an unknown value is; what leads in a circle, or too far, stays unknown."""
        key = resource.address, path
        if key not in self._told:
            self._told[key] = UNKNOWN
            if self._depth < _DEEPEST:
                self._depth += 1
                self._told[key] = self._find_out(resource, path)
                self._depth -= 1
        return self._told[key]

    def _find_out(self, resource: Resource, path: tuple[Any, ...]) -> Any:
        if not resource.managed and resource.type == "aws_iam_policy_document" and path[0] in _DOCUMENTS:
            return render_document(self, resource)
        if path[0] in self.configured(resource.address):
            found = self._written(resource, render_path(path))
            return self._linked(resource, path) if found is UNKNOWN else found
        form = FORMS.get(resource.type, {}).get(render_path(path))
        if form is None and (len(path) > 1 or self._is_dynamic(resource, str(path[0]))):
            return UNKNOWN
        unique = _STANDS_FOR.format(_SPECIAL.sub(lambda found: f"_{ord(found[0]):x}_", f"{resource.address}.{render_path(path)}"))
        if form is None:
            return unique if self._plan.has_configuration else UNKNOWN
        names = [name for _, name, _, _ in Formatter().parse(form) if name]
        values = {name: self.facts.get(name) or (unique if name == "unique" else self.text(resource, name)) for name in names}
        return form.format_map(values) if all(values.values()) else UNKNOWN

    def _written(self, resource: Resource, path: str) -> Any:
        """Return what the configuration writes of an attribute, its references resolved."""
        if self.sources is None:
            return UNKNOWN
        return open_holes(self.sources.outline(resource.address, path, self.lookup(resource)))

    def _linked(self, resource: Resource, path: tuple[Any, ...]) -> Any:
        """Return what an attribute that is a name or a policy refers to, where the source is not at hand, as a downloaded module's.

        It waits for apply, so that a reference to a single resource is what it waits for.
        """
        document = is_document(str(path[-1]))
        if path[-1] not in LINKS and not document:
            return UNKNOWN
        written = dict(leaves(self.configured(resource.address))).get(render_path(path), {})
        references = [*map(str, written.get("references", ()))]
        if document:
            # Of `data.aws_iam_policy_document.x[each.key].json` a plan tells the data source and `each.key`.
            key = f"[{json.dumps(resource.index)}].json" if _OWN_KEY & {*references} else ""
            references = [text + key for text in references if _POLICY in f".{text}"]
        found = [value for text in references if (value := self._follow(resource, text)) is not UNKNOWN]
        return found[0] if len(found) == 1 else UNKNOWN

    def _follow(self, origin: Resource, reference: str) -> Any:
        """Return what a reference to a resource's attribute means; one without the attribute means nothing."""
        parsed = parse_address(reference)
        steps = parse_path(reference)[parsed.block.count(".") + 1 :]
        if parsed.calls or steps[:1] == (parsed.key,) == steps:
            return UNKNOWN
        prefix = f"{static_address(origin.module_address)}." if origin.module_address else ""
        return open_holes(self.lookup(origin)(prefix, parsed.block, steps))

    def lookup(self, origin: Resource) -> Any:
        """Return what an outline asks for the values of other resources, from where one stands."""

        def look_up(prefix: str, address: str, steps: tuple[Any, ...]) -> Any:
            candidates = self._by_block.get(prefix + address, ())
            near = [each for each in candidates if each.module_address == origin.module_address] or candidates
            if any(each.index is not None for each in near):
                near, steps = [each for each in near if steps and each.index == steps[0]], steps[1:]
            if len(near) != 1 or not steps or near[0] is origin:
                return HOLE
            return close_holes(self._value(near[0], steps))

        return look_up
