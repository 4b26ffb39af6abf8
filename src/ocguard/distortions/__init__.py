"""Named, seeded changes of a picture: what platforms, people and thieves do to it.

``apply("jpeg-75", rgb, seed)`` returns new pixels and depends on nothing but its arguments, so
that tests, benchmarks and simulations speak of the same attack. A name is a stem and, for most, a
number: ``crop-50`` keeps 50 % of the area, ``rotate-7`` turns by 7 degrees, ``noise-10`` adds a
sigma of 10 grey levels. Any number within the stem's limits works; `names` lists the standard
ones. A plus joins steps into a chain: ``crop-75+resize-70+jpeg-60``.

The list follows WAVES [1]_ and StirMark [2]_ [3]_, with what happens to character art beside them:
layouts (collage, meme, screenshot), repaints and partial copies. What needs transparency is a
function of its own, `flatten_alpha`.

References
----------
.. [1] B. An et al., "WAVES: Benchmarking the Robustness of Image Watermarks", ICML 2024,
   arXiv:2401.08573.
.. [2] F. A. P. Petitcolas, "Watermarking schemes evaluation", IEEE Signal Processing Magazine
   17(5), 2000, doi:10.1109/79.879339.
.. [3] F. A. P. Petitcolas, R. J. Anderson, M. G. Kuhn, "Attacks on copyright marking systems",
   Information Hiding 1998, LNCS 1525, doi:10.1007/3-540-49380-8_16.
"""

from __future__ import annotations

from ocguard.distortions.kind import Family
from ocguard.distortions.overlay import flatten_alpha
from ocguard.distortions.registry import Distortion, apply, get, names, true_transform

__all__ = ["Distortion", "Family", "apply", "flatten_alpha", "get", "names", "true_transform"]
