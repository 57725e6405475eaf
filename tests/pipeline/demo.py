"""Runs the pipeline for everybody to see."""

from __future__ import annotations

import time

from rich.console import Console

from tests.pipeline.accounting import account
from tests.pipeline.display import choose_display, summarize
from tests.pipeline.figures import start_figures
from tests.pipeline.observing import observe
from tests.pipeline.pipeline import start_pipeline
from tests.pipeline.scenario import Scenario

LETTERS_EVERY = 5
"""Steps between two looks at the dead letters, which have to be fetched."""


def demonstrate(console: Console, environment: str, orders: int, seed: int) -> bool:
    """Run so many orders through an environment's pipeline; return whether everything is accounted for."""
    console.print(f"Planning {environment} and starting its pipeline: Redis, MariaDB, and AWS in memory.", soft_wrap=True, highlight=False)
    with start_pipeline(environment) as pipeline:
        started = time.monotonic()
        figures = start_figures(pipeline.functions, len(pipeline.invocations))
        scenario = Scenario(pipeline, orders, seed)
        with choose_display(console) as display:
            for progress in scenario.run():
                figures.progress = progress
                figures.elapsed = time.monotonic() - started
                figures.count(pipeline.invocations)
                if progress.phase != "delivering" or progress.step % LETTERS_EVERY == 0:
                    figures.dead_letters = sum(map(len, pipeline.dead_letters().values()))
                display.show(figures)
        report = account(scenario.world, scenario.ledger, observe(pipeline))
    console.print()
    console.print(summarize(figures, report), soft_wrap=True, highlight=False)
    return report.clean
