"""`parity.yaml`: what the environments are, and which differences between them are agreed."""

from paritycheck.config.loading import find_config, load_config, read_config
from paritycheck.config.model import Config, Environment, FunctionSources, LeastPrivilege, Normalize, Policies
from paritycheck.config.search import find_configs

__all__ = [
    "Config",
    "Environment",
    "FunctionSources",
    "LeastPrivilege",
    "Normalize",
    "Policies",
    "find_config",
    "find_configs",
    "load_config",
    "read_config",
]
