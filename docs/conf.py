"""Sphinx: Markdown by MyST, theme Furo. ``make docs`` treats warnings as errors."""

from callgate import __version__

project = "Callgate"
author = "The Callgate authors"
copyright = author  # noqa: A001 - Sphinx's name
release = version = __version__

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Callgate {__version__}"
html_show_sphinx = False
# Same input, same bytes.
html_last_updated_fmt = None
