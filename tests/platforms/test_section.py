"""Promises of ocguard.platforms.section."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from ocguard.errors import PlatformError
from ocguard.platforms.section import MAX_TEXT_CHARACTERS, Section

Take = Callable[[Section], object]


def section(**table: object) -> Section:
    """Return the table of a file."""
    return Section("mine.toml", table)


@pytest.mark.parametrize(
    ("take", "missing"),
    [
        (lambda one: one.text("a", "default"), "default"),
        (lambda one: one.choice("a", ("x", "y"), "y"), "y"),
        (lambda one: one.choices("a", ("x", "y")), ()),
        (lambda one: one.texts("a", 2), ()),
        (lambda one: one.flag("a"), False),
        (lambda one: one.number("a", 0, 9, 4), 4),
        (lambda one: one.number("a", 0, 9), None),
        (lambda one: one.whole("a", 0, 9), None),
        (lambda one: one.range("a", 0, 9), None),
        (lambda one: one.section("a"), None),
        (lambda one: list(one.sections("a", 3)), []),
    ],
)
def test_what_is_missing_has_its_default(take: Take, missing: object) -> None:
    """Optional values may be left out."""
    assert take(section()) == missing


@pytest.mark.parametrize(
    "take",
    [lambda one: one.text("a"), lambda one: one.choice("a", ("x",)), lambda one: one.day("a")],
)
def test_what_must_be_there_is_missed_by_name(take: Take) -> None:
    """The message says which table lacks what."""
    with pytest.raises(PlatformError, match=r"^mine\.toml: 'a' is missing$"):
        take(section())


@pytest.mark.parametrize(
    ("take", "value", "taken"),
    [
        (lambda one: one.text("a"), "狐", "狐"),
        (lambda one: one.choice("a", ("x", "y")), "x", "x"),
        (lambda one: one.choices("a", ("x", "y")), ["y", "x"], ("y", "x")),
        (lambda one: one.texts("a", 2), ["y", "x"], ("y", "x")),
        (lambda one: one.flag("a"), True, True),
        (lambda one: one.day("a"), datetime.date(2026, 1, 31), datetime.date(2026, 1, 31)),
        (lambda one: one.number("a", 0, 9), 9, 9.0),
        (lambda one: one.number("a", 0, 9), 0, 0.0),
        (lambda one: one.whole("a", 1, 9), 1, 1),
        (lambda one: one.whole("a", 1, 9), [3, 3], 3),
        (lambda one: one.range("a", 1, 9), 4, (4, 4)),
        (lambda one: one.range("a", 1, 9), [1, 9], (1, 9)),
    ],
)
def test_values_within_their_limits_are_taken(take: Take, value: object, taken: object) -> None:
    """The limits themselves included."""
    one = section(a=value)
    assert take(one) == taken
    one.close()


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (lambda one: one.text("a"), 3),
        (lambda one: one.text("a"), "x" * (MAX_TEXT_CHARACTERS + 1)),
        (lambda one: one.choice("a", ("x", "y")), "z"),
        (lambda one: one.choice("a", ("x", "y")), ["x"]),
        (lambda one: one.choices("a", ("x", "y")), "x"),
        (lambda one: one.choices("a", ("x", "y")), ["x", "z"]),
        (lambda one: one.texts("a", 2), "x"),
        (lambda one: one.texts("a", 2), ["x", 1]),
        (lambda one: one.texts("a", 1), ["x", "y"]),
        (lambda one: one.flag("a"), 1),
        (lambda one: one.day("a"), "2026-01-31"),
        (lambda one: one.day("a"), datetime.datetime(2026, 1, 31, 12)),
        (lambda one: one.number("a", 0, 9), 9.01),
        (lambda one: one.number("a", 0, 9), float("nan")),
        (lambda one: one.number("a", 0, 9), True),
        (lambda one: one.number("a", 0, 9), "3"),
        (lambda one: one.whole("a", 1, 9), [3, 4]),
        (lambda one: one.whole("a", 1, 9), 3.0),
        (lambda one: one.whole("a", 1, 9), 0),
        (lambda one: one.range("a", 1, 9), [4, 3]),
        (lambda one: one.range("a", 1, 9), [1, 10]),
        (lambda one: one.range("a", 1, 9), [1, 2, 3]),
        (lambda one: one.range("a", 1, 9), [True, 3]),
        (lambda one: one.section("a"), [1]),
        (lambda one: list(one.sections("a", 3)), {"x": 1}),
        (lambda one: list(one.sections("a", 3)), [{}, 1]),
        (lambda one: list(one.sections("a", 1)), [{}, {}]),
    ],
)
def test_a_wrong_value_is_named_with_its_place(take: Take, value: object) -> None:
    """File, table and name, whatever is wrong with the value."""
    with pytest.raises(PlatformError, match=r"^mine\.toml: 'a': (must|2 tables)"):
        take(section(a=value))


def test_inner_tables_say_where_they_are() -> None:
    """By name, and by number in a list, counted from one."""
    outer = section(fit={"x": 1}, stages=[{}, {"x": 1}])
    fit, stages = outer.section("fit"), list(outer.sections("stages", 5))
    assert fit is not None
    with pytest.raises(PlatformError, match=r"^mine\.toml: fit: 'x'"):
        fit.flag("x")
    with pytest.raises(PlatformError, match=r"^mine\.toml: stages 2: 'x'"):
        stages[1].flag("x")


def test_a_name_that_nobody_asked_for_is_refused_with_the_nearest() -> None:
    """A misspelled fact must not silently do nothing."""
    one = section(qualty=80)
    one.range("quality", 1, 100)
    with pytest.raises(PlatformError, match=r"'qualty': unknown here; did you mean 'quality'\?"):
        one.close()
    other = section(zzz=1)
    other.flag("progressive")
    with pytest.raises(PlatformError, match="known: progressive"):
        other.close()
