"""The documentation's table of verdicts: their meaning, and where each begins by the bounds."""

from __future__ import annotations

from ocguard.matching.decision.bounds import load_bounds

__all__ = ["verdicts"]


def verdicts() -> list[str]:
    """Return the verdicts of `check` with their bounds, in English and Chinese."""
    bounds = load_bounds()
    sure, doubtful = (f"{10 ** bounds[name].value:.0f}" for name in ("confirmed", "doubtful"))
    agreeing = f"{100 * bounds['copy_agreeing'].value:.0f} %"
    side_px, keypoints = (f"{bounds[f'enough_{of}'].value:.0f}" for of in ("side", "keypoints"))
    lines = [_line("verdict", "meaning", "bound", "含义与界限"), _line(*["---"] * 4)]
    lines += [
        _line(
            "identical",
            "the same file or the same pixels, or the very file that ocguard made of the work",
            "equal SHA-256",
            "同一文件，或像素完全相同，或就是 ocguard 由该作品生成的文件（SHA-256 相等）",
        ),
        _line(
            "near-copy",
            "the work itself, or a part of it: what they share agrees line for line",
            f"ratio at least {sure}, and {agreeing} of what is compared has the same edges, "
            "light and dark, no whole region is another picture, none shows through, and not both "
            "have lines of their own",
            f"作品本身或其中一部分：重合之处线条、明暗一致（似然比不低于 {sure}，"
            f"所比较的部分至少 {agreeing} 吻合，没有整块不同的画面，没有别的画面透出，"
            "也不是双方都有自己的线条）",
        ),
        _line(
            "shared-base",
            "several of your own works explain it equally well, because they share a base",
            f"ratio at least {sure} for each of them, none clearly closer",
            f"您的多件作品出自同一底稿，都同样吻合，无法断定取自哪一件（似然比均不低于 {sure}）",
        ),
        _line(
            "likely-derivative",
            "redrawn, repainted, bent, or a part of the work in something else; a place that "
            "differs much is named in the reason: templates and lettering look the same",
            f"ratio at least {sure}, but not line for line",
            "很可能由该作品改绘、重绘、变形，或截取一部分用在别处；若理由指出有一处差别很大，"
            "也可能只是共用的模板、背景或文字，请对照查看"
            f"（似然比不低于 {sure}，但并非逐线相同）",
        ),
        _line(
            "no-match",
            "nothing registered resembles it beyond what unrelated pictures have in common",
            f"ratio below {doubtful}",
            f"与已登记的作品没有超出偶然的相似（似然比低于 {doubtful}）；不等于证明没有抄袭",
        ),
        _line(
            "cannot-tell",
            "too small, too empty, the evidence is too thin, or all that agrees may lie over or "
            "behind different pictures or is on several works: a frame, a logo, a mark, a window, "
            "a title, a stage, a form, a grid, a template",
            f"ratio from {doubtful} to {sure}; or at most {doubtful}, however well both agree, "
            f"where others may have all that agrees; or nothing found and a shorter side below "
            f"{side_px} px or fewer than {keypoints} distinct points",
            f"无法判断：图太小或太空、证据不足，或相同之处只是边框、标志、水印、窗口、"
            "标题、背景、表格、格子、模板之类，可能覆盖在不同的图上或衬在其后，或为多件作品所共有"
            f"（似然比在 {doubtful} 与 {sure} 之间；"
            f"或相同之处他人也可能有，则再吻合也至多 {doubtful}；"
            f"或未找到而短边不足 {side_px} 像素、"
            f"特征点少于 {keypoints} 个）",
        ),
    ]
    return lines


def _line(*cells: str) -> str:
    """Return one line of a table."""
    return f"| {' | '.join(cells)} |"
