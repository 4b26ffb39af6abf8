"""Promises of ocguard.report.shipped."""

from __future__ import annotations

from ocguard.report.shipped import shipped_names, shipped_text


def test_a_file_is_read_by_its_path() -> None:
    """In UTF-8, whatever the locale."""
    assert shipped_text("templates/report.html").rstrip().endswith("</html>")
    assert "小红书" in shipped_text("notices/xiaohongshu.toml")


def test_files_of_a_folder_are_listed() -> None:
    """Those that end as asked, in the order of their names."""
    names = shipped_names("notices", ".toml")
    assert names == sorted(names)
    assert {"generic.toml", "x.toml"} < set(names)
    assert not [name for name in names if not name.endswith(".toml")]
