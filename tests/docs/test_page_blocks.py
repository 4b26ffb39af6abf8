"""Pages are read as their readers read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from page_blocks import ROOT, Block, Call, blocks, call_of, languages

PAGE = """Type this:

```sh
# first
ocguard check a.png   # a comment
```

<!-- prints -->
```text
no-match
```

<!-- not run: installs -->
```sh
pip install .
```

1. A step:

   ```sh
   ocguard --version
   ```

```{toctree}
check
```
"""


@pytest.fixture
def read(tmp_path: Path) -> list[Block]:
    """The blocks of the page above."""
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    return blocks(tmp_path / "page.md")


def test_commands_and_what_they_print_belong_together(read: list[Block]) -> None:
    """A block knows its lines, without comments of their own, and its output."""
    assert read[0].commands == ("ocguard check a.png   # a comment",)
    assert read[0].prints == "no-match"
    assert read[0].line == 3


def test_a_reason_leaves_a_block_out(read: list[Block]) -> None:
    """The remark stands on the line above the fence."""
    assert [block.is_run for block in read] == [True, False, True]


def test_indented_fences_are_blocks_too(read: list[Block]) -> None:
    """A step of a list can hold one."""
    assert read[2].commands == ("ocguard --version",)


def test_directives_are_no_languages(tmp_path: Path) -> None:
    """The closing fence of a directive does not open another one."""
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    assert languages(tmp_path / "page.md") == {"sh", "text", "{toctree}"}


@pytest.mark.parametrize(
    ("command", "needs_a_shell"),
    [
        ("ocguard check a.png", False),
        ('ocguard protect art --text "© {creator}" > b.png  # (a look)', False),
        ("ocguard check a.png | grep copy", True),
        ("ocguard check $picture", True),
        ("ocguard check a.png >> all.txt", True),
        ("mkdir art", True),
    ],
)
def test_plain_calls_need_no_shell(command: str, needs_a_shell: bool) -> None:
    """Everything that only a shell understands goes to one."""
    assert Block(ROOT / "README.md", 1, (command,), "").needs_a_shell is needs_a_shell


def test_redirections_are_read() -> None:
    """Input and output of a plain call."""
    assert call_of("ocguard protect - < a.png > b.png  # one") == Call(
        ["protect", "-"], "a.png", "b.png"
    )
