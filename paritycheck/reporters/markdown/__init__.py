"""The report as GitHub-flavored Markdown, for comments on pull requests and for job summaries."""

from paritycheck.reporters.markdown.report import MarkdownReporter

__all__ = ["MarkdownReporter"]
