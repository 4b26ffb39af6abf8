"""Lines of the documentation's tables, and shares as they stand there."""

from __future__ import annotations

__all__ = ["header", "line", "percent"]


def header(*titles: str) -> list[str]:
    """Return the two first lines of a table: names left, figures right."""
    return [line(*titles), line("---", *["---:"] * (len(titles) - 1))]


def line(*cells: object) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def percent(hits: int, trials: int) -> str:
    """Return a share in whole percent; 100 only when nothing was missed, 0 only for nothing."""
    if hits in (0, trials):
        return "100" if hits else "0"
    return str(min(99, max(1, round(100 * hits / trials))))
