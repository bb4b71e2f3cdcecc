"""A report to take home: one HTML file, an accessible PDF, a one-page hand-out and a slide about two worlds."""

from .command import command_line
from .report import handout_pdf, report_html, report_pdf, slide

__all__ = ["command_line", "handout_pdf", "report_html", "report_pdf", "slide"]
