"""What a driver's app does: it tells where it is, and reacts to what it is sent."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from random import Random
from typing import Any

from PIL import Image

from tests.pipeline.ledger import Ledger, Poison, Sighting
from tests.pipeline.pipeline import Pipeline
from tests.pipeline.world import Driver, Place

STEP_MINUTES = 1
"""What a step of the run stands for. Positions carry the machine's time all the same, because the functions look at theirs."""
SPEED_KMH = 36
POSITIONS_A_STEP = 3
BUSY_STEPS, IDLE_STEPS = 3, 6
"""How often drivers tell where they are: less often those who have nothing to do."""


@dataclass(slots=True)
class Job:
    """An order that a driver has to bring."""

    order_id: str
    pickup: Place
    destination: Place
    carried: bool = False

    @property
    def target(self) -> Place:
        """Where to go next."""
        return self.destination if self.carried else self.pickup


class DriverApp:
    """A driver at work."""

    def __init__(self, driver: Driver, pipeline: Pipeline, ledger: Ledger, seed: int) -> None:
        """Sign in."""
        self.driver = driver
        self.jobs: list[Job] = []
        self._pipeline = pipeline
        self._ledger = ledger
        self._random = Random(f"{driver.driver_id}/{seed}")
        self._place = driver.start
        self._track: list[Sighting] = []
        self._offset = self._random.randrange(IDLE_STEPS)
        self._connection: str | None = None
        self._back_at = 0
        self._heard = 0
        self._connect()

    def act(self, step: int) -> None:
        """Live through a step; out of reach, a driver goes on, and tells nothing."""
        if self._connection is None and step >= self._back_at:
            self._connect()
        self._hear()
        if self._random.random() < 0.02:
            self._lose_connection(step)
        self._move()
        if self._connection is None:
            return
        if self.jobs and self._place == self.jobs[0].target:
            self._work(self.jobs[0])
        if (step + self._offset) % (BUSY_STEPS if self.jobs else IDLE_STEPS) == 0 or not step:
            self._report()

    def _connect(self) -> None:
        """Come back, and ask for what was sent to nobody meanwhile."""
        self._connection = self._pipeline.open(self.driver.driver_id, "driver")
        self._heard = 0
        answer = self._say(type="assignments") or {"assignments": []}
        for assignment in answer["assignments"]:
            self._take(assignment)

    def _lose_connection(self, step: int) -> None:
        """Lose the connection, as in a tunnel, for a while or a moment: the stack is not told that it is gone."""
        if self._connection is not None:
            self._pipeline.drop(self._connection)
        self._connection = None
        self._back_at = step + self._random.randint(0, 4)
        if self._back_at == step:
            self._connect()

    def _hear(self) -> None:
        messages = self._pipeline.inbox(self._connection)[self._heard :] if self._connection else []
        self._heard += len(messages)
        for message in messages:
            if message.get("type") == "assignment":
                self._ledger.pushes[message["order_id"], self.driver.driver_id] += 1
                self._take(message)
            else:
                self._ledger.problems.append(f"a driver was sent a message of type {message.get('type')}")

    def _take(self, assignment: dict[str, Any]) -> None:
        """Note what is to be done, once, whether it is pushed, listed, or both."""
        order_id = assignment["order_id"]
        drivers = self._ledger.drivers.setdefault(order_id, set())
        if self.driver.driver_id not in drivers:
            drivers.add(self.driver.driver_id)
            carried = assignment.get("status") == "picked_up"
            self.jobs.append(Job(order_id, Place(**assignment["pickup"]), Place(**assignment["destination"]), carried))

    def _move(self) -> None:
        now = time.time_ns() // 1_000_000
        start = max(now - POSITIONS_A_STEP, self._track[-1].recorded_at if self._track else 0)
        for number in range(1, POSITIONS_A_STEP + 1):
            if self.jobs:
                self._place = self._place.toward(self.jobs[0].target, SPEED_KMH * STEP_MINUTES / 60 / POSITIONS_A_STEP)
            self._track.append(Sighting(self._place, start + number))

    def _report(self) -> None:
        """Send the last positions, which a phone may mix up, repeat, or send long after newer ones."""
        sightings = self._track[-BUSY_STEPS * POSITIONS_A_STEP :]
        chance = self._random.random()
        if chance < 0.15:
            self._random.shuffle(sightings)
        elif chance < 0.25:
            sightings.append(sightings[0])
        self._send(sightings)
        if chance > 0.95:
            self._send(self._track[-12:-9] or sightings)

    def _send(self, sightings: list[Sighting]) -> None:
        positions = [
            {"latitude": each.place.latitude, "longitude": each.place.longitude, "recorded_at": each.recorded_at} for each in sightings
        ]
        if self._say(type="locations", region=self.driver.region, positions=positions) is not None:
            self._ledger.reports.update(job.order_id for job in self.jobs)
            newest = [*sightings, self._ledger.newest.get(self.driver.driver_id, sightings[0])]
            self._ledger.newest[self.driver.driver_id] = max(newest, key=lambda sighting: sighting.recorded_at)

    def _work(self, job: Job) -> None:
        if not job.carried:
            job.carried = self._advance(job, "picked_up")
        elif self._prove(job) and self._advance(job, "delivered"):
            self.jobs.remove(job)

    def _advance(self, job: Job, stage: str) -> bool:
        answers = [self._say(type=stage, order_id=job.order_id) for _ in range(2 if self._random.random() < 0.1 else 1)]
        if len({answer["at"] for answer in answers if answer}) > 1:
            self._ledger.problems.append(f"order {job.order_id} was {stage} at two times")
        return answers[-1] is not None

    def _prove(self, job: Job) -> bool:
        """Take a photo; the first one of the first driver is none, because his app is broken."""
        if not self._ledger.photos and not any(poison.function == "image_validator" for poison in self._ledger.poison):
            self._upload(job, b"GIF89a of a cat")
            self._ledger.poison.append(Poison("a photo that is no image", "image_validator", "broken_image"))
        key = self._upload(job, take_photo(self._random))
        if key:
            self._ledger.photos[job.order_id] = key
        return key is not None

    def _upload(self, job: Job, content: bytes) -> str | None:
        answer = self._say(type="photo_url", order_id=job.order_id, content_type="image/jpeg")
        if answer is None:
            return None
        self._pipeline.upload(answer["url"], content)
        return str(answer["key"])

    def _say(self, **message: Any) -> dict[str, Any] | None:
        """Return the answer; nothing if the same has to be said again later."""
        assert self._connection is not None
        answer: dict[str, Any] = self._pipeline.say(self._connection, message)
        if answer.get("type") == message["type"]:
            return answer
        if answer.get("code") != "unavailable":
            self._ledger.problems.append(f"a driver's {message['type']} was answered with {answer.get('code')}")
        return None


def take_photo(random: Random) -> bytes:
    """Return a small JPEG with what phones add to it: the place where it was taken, which nobody is to keep."""
    image = Image.new("RGB", (64, 48), (random.randrange(256), random.randrange(256), random.randrange(256)))
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    exif.get_ifd(0x8825)[1] = "N"
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif)
    return content.getvalue()
