"""`paritycheck explain`: one value in every environment, and where it comes from."""

from __future__ import annotations

from datetime import UTC, datetime

from paritycheck.commands import ExitCode
from paritycheck.commands.checking import load_sources, survey
from paritycheck.commands.output import print_out
from paritycheck.commands.progress import Chatter
from paritycheck.commands.selection import Selection
from paritycheck.reporters import Style


def explain(subject: str, selection: Selection, style: Style, chatter: Chatter) -> ExitCode:
    """Plan the environments, and explain one resource, data source or attribute of theirs, or an output, variable or local value."""
    config = selection.load()
    report = survey(config, chatter)
    from paritycheck import explanation
    from paritycheck.reporters.console.explanation import draw_explanation

    sources = load_sources(config)
    explained = explanation.explain(subject, report, config, sources, datetime.now(UTC).date())
    print_out(draw_explanation(explained, style))
    return ExitCode.HELD
