"""Where orders go."""

from __future__ import annotations

from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from order_validator.domain import Order


class OrdersUnavailableError(Exception):
    """The orders stream did not take an order; the same request may succeed later."""


class OrderSink(Protocol):
    """Takes valid orders."""

    def put(self, order: Order) -> None:
        """Store an order for processing; raise `OrdersUnavailableError` if it was not stored."""


class KinesisOrders:
    """Writes orders to a Kinesis stream."""

    def __init__(self, kinesis: Any, stream_name: str) -> None:
        """Write with a boto3 Kinesis client to the stream of this name."""
        self._kinesis = kinesis
        self._stream_name = stream_name

    def put(self, order: Order) -> None:
        """See `OrderSink.put`; a restaurant's orders share a partition key, and so stay in order."""
        try:
            self._kinesis.put_record(StreamName=self._stream_name, PartitionKey=order.restaurant_id, Data=order.to_json().encode())
        except (BotoCoreError, ClientError) as error:
            raise OrdersUnavailableError(str(error)) from error
