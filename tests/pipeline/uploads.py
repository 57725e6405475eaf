"""Uploads to presigned URLs, and whom S3 tells of them."""

from __future__ import annotations

import fnmatch
import itertools
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, unquote, urlsplit

import requests

from tests.pipeline.asynchronous import AsynchronousCalls
from tests.pipeline.wiring import Wiring

EVENT = "ObjectCreated:Put"


class Uploads:
    """S3, as far as clients write to it."""

    def __init__(self, wiring: Wiring, calls: AsynchronousCalls) -> None:
        self._wiring = wiring
        self._calls = calls
        self._sequence = itertools.count(0x55AED6DCD90281E5)

    def put(self, url: str, data: bytes, content_type: str) -> None:
        """Upload an object, and tell of it as the bucket's notification says; raise `HTTPError` if S3 refuses it."""
        answer = requests.put(url, data=data, headers={"Content-Type": content_type}, timeout=10)
        answer.raise_for_status()
        parts = urlsplit(url)
        bucket, key = str(parts.hostname).partition(".s3.")[0], unquote(parts.path.removeprefix("/"))
        record = self._describe(bucket, key, len(data), answer.headers)
        for each in self._wiring.notifications:
            wanted = any(fnmatch.fnmatchcase(f"s3:{EVENT}", event) for event in each.events)
            if each.bucket == bucket and wanted and key.startswith(each.prefix) and key.endswith(each.suffix):
                function = self._wiring.function(each.function_arn)
                assert function is not None
                self._calls.submit(function.name, {"Records": [record]})

    def _describe(self, bucket: str, key: str, size: int, headers: Any) -> dict[str, Any]:
        stored = {"key": quote_plus(key, safe="/"), "size": size, "eTag": headers.get("ETag", "").strip('"')}
        if "x-amz-version-id" in headers:
            stored["versionId"] = headers["x-amz-version-id"]
        return {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self._wiring.region,
            "eventTime": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "eventName": EVENT,
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                "object": {**stored, "sequencer": f"{next(self._sequence):018X}"},
            },
        }
