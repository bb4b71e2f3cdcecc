"""The documentation as a site (Sphinx with MyST): offline, from the same Markdown that a repository shows."""

import simulation

project = "Two Claims"
author = "The authors of Two Claims"
version = release = simulation.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = [
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md", "docs/guides/*.md", "results/README.md",
    "scenarios/README.md", "workshop/README.md", "benchmarks/results.md", "benchmarks/page.md",
    "benchmarks/peers.md",
]  # fmt: skip
source_suffix = {".md": "markdown"}

myst_enable_extensions = []
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # the pages are written for GitHub too, where headings may skip a level

napoleon_google_docstring = False
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "none"  # NumPy docstrings say them

html_theme = "furo"
html_title = "Two Claims"
html_show_sourcelink = False
html_copy_source = False
