"""The Python interface: the same workflows as the command line, for pictures from anywhere.

A picture is a path, the bytes of a file, a Pillow image, or an array. One picture gives one
result; a list or any other iterable of paths, which may hold folders, gives a list of results, and
a picture in it that fails does not stop the others. ``home`` and ``portfolio`` are as on the
command line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import (
    Concatenate,
    ParamSpec,
    Protocol,
    TypeVar,
    Unpack,
    cast,
    get_type_hints,
    overload,
)

from ocguard.choices import Only
from ocguard.imaging.files import (
    Found,
    Location,
    encode_picture,
    find_pictures,
    location_of,
    read_bytes,
)
from ocguard.platforms.simulation import Served
from ocguard.platforms.simulation import simulate as simulate_upload
from ocguard.portfolio import Place
from ocguard.workflows.check.compare import compare_pictures
from ocguard.workflows.check.detect import Detector, DetectResult, detect_files, prepare_detect
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, check_files, prepare_check
from ocguard.workflows.engine.pool import Jobs, LocalPool
from ocguard.workflows.home.platforms import find_profile
from ocguard.workflows.home.workspace import StrPath, Workspace, account_name
from ocguard.workflows.protect.job import ProtectResult
from ocguard.workflows.protect.options import ProtectOptions, prepare_protect
from ocguard.workflows.protect.outputs import plan_outputs
from ocguard.workflows.protect.run import protect_files, protect_one
from ocguard.workflows.sources import PictureSource, load, required_source, several_sources
from ocguard.workflows.threads import one_thread

__all__ = ["check", "compare", "detect", "protect", "simulate"]

Paths = Iterable[StrPath]
_Options = ParamSpec("_Options")
_Result = TypeVar("_Result")


class _OneOrSeveral(Protocol[_Options, _Result]):
    """A function that gives one result for one picture, and a list for several."""

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a text is one path, not one of letters
        self, source: PictureSource, *args: _Options.args, **options: _Options.kwargs
    ) -> _Result: ...
    @overload
    def __call__(
        self, source: Paths, *args: _Options.args, **options: _Options.kwargs
    ) -> list[_Result]: ...


def _one_or_several(
    function: Callable[Concatenate[PictureSource | Paths, _Options], _Result | list[_Result]],
) -> _OneOrSeveral[_Options, _Result]:
    """Declare which call gives what; the function stays as it is."""
    return cast("_OneOrSeveral[_Options, _Result]", function)


@_one_or_several
def protect(
    source: PictureSource | Paths,
    *,
    out: StrPath | None = None,
    home: StrPath | None = None,
    portfolio: StrPath | None = None,
    jobs: Jobs = 1,
    **options: Unpack[ProtectOptions],
) -> ProtectResult | list[ProtectResult]:
    """Mark pictures visibly and invisibly, declare the opt-out, and register them.

    Parameters
    ----------
    source : picture, or iterable of paths
        A single picture, or files and folders.
    out : path, optional
        Folder for the outputs, which mirrors the inputs. Without it the protected file of a
        single picture is in the result's ``data``.
    home, portfolio : path, optional
        Where profile and key, and the works, are kept.
    jobs : int or "auto"
        Processes for a list. More than 1 needs a script that starts under
        ``if __name__ == "__main__":``.
    **options
        See :class:`ProtectOptions`.

    Returns
    -------
    ProtectResult or list of ProtectResult
        Also of pictures that failed, and of art in folders that is passed over: see ``status``.

    Raises
    ------
    ValueError, TypeError
        An option is unknown or impossible, a single source is a folder or no picture, or a list
        comes without `out`.
    OcguardError
        Profile, key, portfolio, logo or font cannot be used.
    """
    unknown = sorted(options.keys() - ProtectOptions.__annotations__.keys())
    if unknown:
        known = ", ".join(sorted(ProtectOptions.__annotations__))
        raise TypeError(f"protect has no option {unknown[0]!r}; it has {known}")
    hints = get_type_hints(ProtectOptions)
    for name, value in options.items():
        if hints[name] is str and not isinstance(value, str | os.PathLike | None):
            raise TypeError(f"{name} must be a text, not {type(value).__name__}")
    job, _ = prepare_protect(Workspace.at(home, portfolio), options, account_name)
    several = several_sources(source)
    if several is not None:
        if out is None:
            raise ValueError("a list of pictures needs out, the folder for the outputs")
        paths = _paths(several)
        if any(os.path.realpath(path) == os.path.realpath(out) for path in paths):
            raise ValueError(f"{out} is the input itself; choose another out")
        plan = plan_outputs(paths, location_of(out), job.file_format)
        return list(protect_files(job, plan, LocalPool(jobs)))
    if out is None:
        return protect_one(job, _single(source))
    (one,) = plan_outputs(_paths([_single(source)]), location_of(out), job.file_format).outputs
    return protect_one(job, one.source, one.output, problem=one.problem)


@_one_or_several
def check(
    source: PictureSource | Paths,
    *,
    home: StrPath | None = None,
    portfolio: StrPath | None = None,
    jobs: Jobs = 1,
    descriptor: str | None = None,
    url: str = "",
    account: str = "",
    only: Only | None = None,
    also: Sequence[StrPath] = (),
    quick_first: bool = False,
) -> CheckResult | list[CheckResult]:
    """Compare suspects with the registered works, and read the creator's marks in them.

    Parameters
    ----------
    source : picture, or iterable of paths
        A single suspect, or files and folders.
    home, portfolio, jobs
        As for :func:`protect`.
    descriptor : str, optional
        A learned descriptor: path of its TOML file, or the name of an installed one.
    url, account : str
        Where it was found, and ``PLATFORM:NAME`` of who shows it there: ``permitted`` says then
        whether they may.
    only : {"match", "marks"}, optional
        Compare with works alone, or read marks alone; ``searched`` says what was left out.
    also : sequence of str or Path
        Further portfolios that are searched, as one with the first: paths and URLs.
    quick_first : bool
        Throw out what looks like no work at first sight, with small parts of works among it.

    Returns
    -------
    CheckResult or list of CheckResult
        Also of pictures that failed, and of art in folders that is passed over: see ``status``.

    Raises
    ------
    ValueError, TypeError
        A single source is a folder, or no picture; address or account are none.
    OcguardError
        The portfolio, the key or the descriptor cannot be used.
    """
    place = Place(url, account) if url or account else None
    options = CheckOptions(descriptor, place, only, tuple(map(str, also)), quick_first)
    job = prepare_check(Workspace.at(home, portfolio), options)
    several = several_sources(source)
    if several is not None:
        return list(check_files(job, _found(several), LocalPool(jobs)))
    return Checker(job).check(_single(source))


@_one_or_several
def detect(
    source: PictureSource | Paths,
    *,
    home: StrPath | None = None,
    portfolio: StrPath | None = None,
    jobs: Jobs = 1,
) -> DetectResult | list[DetectResult]:
    """Read the creator's invisible marks in pictures.

    Where a picture shows none by itself, it is read beside the work that it resembles, if the
    portfolio is at hand.

    Parameters
    ----------
    source : picture, or iterable of paths
        A single picture, or files and folders.
    home, portfolio, jobs
        As for :func:`protect`.

    Returns
    -------
    DetectResult or list of DetectResult
        Also of pictures that failed, and of art in folders that is passed over: see ``status``.

    Raises
    ------
    ValueError, TypeError
        A single source is a folder, or no picture.
    OcguardError
        The key or the portfolio cannot be used.
    """
    job = prepare_detect(Workspace.at(home, portfolio))
    several = several_sources(source)
    if several is not None:
        return list(detect_files(job, _found(several), LocalPool(jobs)))
    return Detector(job).detect(_single(source))


def compare(original: PictureSource, suspect: PictureSource) -> CheckResult:
    """Compare a suspect with one original, without a portfolio.

    Parameters
    ----------
    original : picture
        The artist's picture.
    suspect : picture
        The picture in question.

    Returns
    -------
    CheckResult
        As a check against a portfolio with this original alone would give, but without marks.

    Raises
    ------
    ValueError, TypeError
        One of both is a folder, or no picture.
    ImageReadError, MissingExtraError, OSError
        One of both cannot be read.
    """
    return compare_pictures(_single(original), _single(suspect))


@one_thread()
def simulate(source: PictureSource, platform: str, *, home: StrPath | None = None) -> Served:
    """Give what a platform would serve of a picture, as far as its profile knows.

    Parameters
    ----------
    source : picture
        What is posted; an image or an array is posted as PNG.
    platform : str
        Name, or path of a profile; ``"weibo+x"`` is posted on the first, then on the second.
    home : path, optional
        Where the creator's own profiles are kept.

    Returns
    -------
    Served
        With the file in ``data``.

    Raises
    ------
    PlatformError
        There is no such profile, or the platform would refuse the picture.
    ImageReadError, MissingExtraError, OSError
        The picture cannot be read.
    """
    profile = find_profile(platform, Workspace.at(home).home)
    source = _single(source)
    if isinstance(source, str | os.PathLike):
        source = read_bytes(source)
    if not isinstance(source, bytes):
        source = encode_picture(load(source).picture, "png").data
    return simulate_upload(source, profile)


def _paths(sources: Sequence[object]) -> list[Location]:
    """Accept paths alone: pictures in memory come one by one."""
    paths = [location_of(source) for source in sources if isinstance(source, str | os.PathLike)]
    if len(paths) != len(sources):
        raise TypeError("a list holds paths; give pictures in memory one by one, without out")
    return paths


def _found(sources: Sequence[object]) -> Found:
    return find_pictures(_paths(sources))


def _single(source: object) -> PictureSource:
    """Refuse a folder, or what is no picture at all, where one picture is meant."""
    source = required_source(source)
    if not isinstance(source, str | os.PathLike):
        return source
    if not os.fspath(source):
        raise ValueError("the path of the picture is empty")
    location = location_of(source)
    if isinstance(location, Path) and location.is_dir():
        raise ValueError(f"{source} is a folder: give it in a list, [{str(source)!r}]")
    return location
