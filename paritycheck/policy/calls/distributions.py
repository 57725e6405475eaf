"""What is known of libraries by their names: whether they call AWS by themselves.

A library that is neither among the sources nor named here may do anything with the function's credentials.
"""

from __future__ import annotations

import sys

_CALLS_AWS = (
    "aioboto3", "aiobotocore", "amazondax", "aws_encryption_sdk", "aws_secretsmanager_caching", "awscli", "awswrangler", "boto",
    "celery", "chalice", "dynamodb_encryption_sdk", "dynamorm", "kombu", "langchain_aws", "pyathena", "pynamodb", "s3fs", "s3transfer",
    "sagemaker", "smart_open", "storages", "watchtower", "zappa",
    "aws_lambda_powertools.utilities.data_masking", "aws_lambda_powertools.utilities.feature_flags",
    "aws_lambda_powertools.utilities.idempotency", "aws_lambda_powertools.utilities.parameters",
    "aws_lambda_powertools.utilities.streaming",
)  # fmt: skip
"""Libraries that call AWS by themselves, with the function's credentials."""

_INERT = frozenset({
    "OpenSSL", "PIL", "aiofiles", "aiohttp", "aiomysql", "anyio", "argon2", "arrow", "asgiref", "asn1crypto", "async_timeout",
    "asyncpg", "attr", "attrs", "authlib", "aws_lambda_powertools", "aws_lambda_typing", "aws_xray_sdk", "awslambdaric", "babel",
    "backoff", "bcrypt", "bleach", "bs4", "cachetools", "cattr", "cattrs", "cbor2", "certifi", "cffi", "chardet", "charset_normalizer",
    "chevron", "click", "colorama", "croniter", "cryptography", "dacite", "datadog_lambda", "dateparser", "dateutil", "ddtrace",
    "decouple", "deepdiff", "defusedxml", "dotenv", "ecdsa", "email_validator", "faker", "fastapi", "fastavro", "fastjsonschema",
    "feedparser", "flask", "frozendict", "geohash", "geojson", "geopy", "graphql", "greenlet", "grpc", "h11", "h2", "h3", "hiredis",
    "html2text", "html5lib", "httpcore", "httpx", "humanize", "hypothesis", "idna", "inflection", "iso8601", "isodate", "itsdangerous",
    "jinja2", "jmespath", "joblib", "jose", "jsonpatch", "jsonpath_ng", "jsonpickle", "jsonpointer", "jsonschema", "jwcrypto", "jwt",
    "loguru", "lxml", "lz4", "mako", "mangum", "markdown", "markupsafe", "marshmallow", "more_itertools", "msgpack", "msgspec",
    "multidict", "mypy_boto3", "mysql", "nacl", "networkx", "nltk", "numpy", "oauthlib", "openpyxl", "opentelemetry", "orjson",
    "packaging", "parse", "passlib", "pendulum", "phonenumbers", "pkg_resources", "ply", "prometheus_client", "psutil", "psycopg",
    "psycopg2", "psycopg_pool", "pyasn1", "pybreaker", "pycountry", "pydantic", "pydantic_core", "pydantic_settings", "pygeohash",
    "pygments", "pymongo", "pymysql", "pyparsing", "pypdf", "pyproj", "pyrsistent", "pytest", "pythonjsonlogger", "pytz", "qrcode",
    "rapidfuzz", "redis", "regex", "reportlab", "requests", "requests_toolbelt", "retry", "retrying", "rich", "rsa", "ruamel", "rx",
    "scipy", "semver", "sendgrid", "sentry_sdk", "setuptools", "shapely", "simplejson", "six", "slack_sdk", "snappy", "sniffio",
    "sortedcontainers", "sqlalchemy", "sqlmodel", "sqlparse", "starlette", "stripe", "structlog", "sympy", "tabulate", "tblib",
    "tenacity", "toml", "tomli", "toolz", "tqdm", "twilio", "typeguard", "types_boto3", "typing_extensions", "typing_inspect", "tzdata",
    "tzlocal", "ujson", "unidecode", "uritemplate", "urllib3", "uvloop", "validators", "voluptuous", "watchdog", "websocket",
    "websockets", "werkzeug", "wrapt", "xlsxwriter", "xmltodict", "xxhash", "yaml", "yarl", "zeep", "zstandard",
})  # fmt: skip
"""Libraries that call AWS with nothing but what they are given."""

_SDK = ("boto3", "botocore")
_SDK_DATA = (
    "boto3.dynamodb.conditions", "boto3.dynamodb.types", "boto3.exceptions", "boto3.s3.transfer.TransferConfig",
    "boto3.set_stream_logger", "botocore.awsrequest", "botocore.config", "botocore.errorfactory", "botocore.eventstream",
    "botocore.exceptions", "botocore.httpsession", "botocore.meta", "botocore.model", "botocore.response", "botocore.serialize",
    "botocore.stub", "botocore.UNSIGNED", "botocore.utils", "boto3.__version__", "botocore.__version__",
)  # fmt: skip
"""The parts of the SDK that call nothing, and that no client can be had from."""


def calls_aws(path: str) -> bool:
    """Tell whether a library is known to call AWS by itself."""
    return _is_below(path, _CALLS_AWS)


def reaches_aws(path: str) -> bool:
    """Tell whether something of the AWS SDK may call AWS, or make what does."""
    return _is_below(path, _SDK) and not _is_below(path, _SDK_DATA)


def is_known(module: str) -> bool:
    """Tell whether it is known of a library what it does with AWS."""
    root = module.partition(".")[0]
    stubs = root.startswith(("mypy_boto3_", "types_boto3_"))
    return root in sys.stdlib_module_names or root in _INERT or root in {*_SDK, "builtins"} or stubs or calls_aws(module)


def _is_below(path: str, names: tuple[str, ...]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)
