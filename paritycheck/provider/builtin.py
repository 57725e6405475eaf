"""The providers that the offline engine brings along."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from paritycheck.provider.aws.provider import AwsProvider
from paritycheck.provider.companions.archive import archive_provider
from paritycheck.provider.companions.cloudinit import cloudinit_provider
from paritycheck.provider.companions.local import local_provider
from paritycheck.provider.companions.null import null_provider
from paritycheck.provider.companions.outside import external_provider, http_provider
from paritycheck.provider.companions.random_values import random_provider
from paritycheck.provider.companions.template import template_provider
from paritycheck.provider.companions.terraform import BuiltInProvider
from paritycheck.provider.companions.time_values import time_provider
from paritycheck.provider.companions.tls import tls_provider
from paritycheck.provider.generic import GenericProvider, Overrides
from paritycheck.provider.interface import Provider
from paritycheck.provider.schemas.catalog import Catalog

_AWS = "hashicorp/aws"


def builtin_providers(
    directory: Path,
    environ: Mapping[str, str] = os.environ,
    overrides: Overrides | None = None,
    original: Path | None = None,
    catalogs: Iterable[Catalog] = (),
) -> tuple[Provider, ...]:
    """Return every provider for one environment's plan.

    `directory` is where Terraform runs, from which relative paths in a configuration count, and `original` the user's
    directory, where that is another; `environ` is that of the Terraform process; `overrides` are what data sources
    answer with, by their type; `catalogs` are imported schemas, which replace those of the same provider.
    """
    overrides = overrides or {}
    imported = {catalog.source: catalog for catalog in catalogs}
    providers: tuple[Provider, ...] = (
        AwsProvider(environ, overrides, imported.pop(_AWS, None)),
        archive_provider(directory, overrides, original),
        cloudinit_provider(overrides),
        external_provider(overrides),
        http_provider(overrides),
        local_provider(directory, overrides),
        null_provider(overrides),
        random_provider(),
        template_provider(overrides),
        BuiltInProvider(overrides),
        time_provider(),
        tls_provider(overrides),
    )
    kept = (provider for provider in providers if provider.source not in imported)
    return (*kept, *(GenericProvider(catalog, overrides=overrides) for catalog in imported.values()))
