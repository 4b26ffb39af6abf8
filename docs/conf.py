"""How Sphinx builds the documentation: offline, from Markdown, in every language at once.

Build the pages with ``sphinx-build -W -n -b html docs docs/_build/html``. Pages in another language
lie in a folder of their own, such as ``docs/zh``; a README in another language is read where the
project is hosted, and not built.
"""

from typing import Any

import ocguard

project = "ocguard"
author = "the ocguard contributors"
project_copyright = author
version = release = ocguard.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
root_doc = "index"
exclude_patterns = ["_build", "README.*.md"]
nitpicky = True
# Docstrings name types and inner modules that have no page of their own.
nitpick_ignore_regex = [("py:.*", ".*")]

autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_param = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "ocguard"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["pages.css"]

LANGUAGES = {"zh": "zh-Hans", "ja": "ja"}
"""The folders of other languages, and the names by which browsers choose letters for them."""


def setup(app: Any) -> None:
    """Ask to be told of every page that is built."""
    app.connect("html-page-context", say_language)


def say_language(_app: Any, page: str, _template: str, context: dict[str, Any], *_: Any) -> None:
    """Let a translated page say which language it is in."""
    folder = page.partition("/")[0]
    context["language"] = LANGUAGES.get(folder, context["language"])
