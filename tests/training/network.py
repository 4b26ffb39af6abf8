"""The network of the small descriptor, its loss, and its export."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["CHANNELS", "ELEMENTS", "GRID", "INNER", "KERNELS", "STRIDES", "Network", "contrast"]

CHANNELS: Final = (24, 56, 96, 144, 176, 192)
"""Channels after each of the six convolutions."""

KERNELS: Final = (5, 3, 3, 3, 3, 3)
"""Side of the filters of each convolution."""

STRIDES: Final = (2, 2, 1, 2, 1, 2)
"""All but the third and the fifth halve the sides: 96 px become maps of 6 x 6."""

INNER: Final = 4
"""Index of the convolution whose maps, 12 x 12, are compared place by place."""

ELEMENTS: Final = 128
"""Length of a code."""

GRID: Final = 3
"""Cells of the grid, each way, whose means become the code."""


class Network(nn.Module):
    """Six convolutions with instance normalization, and a grid of means.

    Instance normalization takes contrast and much of the style out of every map; the grid keeps
    where in the picture a form lies.
    """

    def __init__(self) -> None:
        super().__init__()
        before, blocks = 3, []
        for channels, size, stride in zip(CHANNELS, KERNELS, STRIDES, strict=True):
            blocks.append(
                nn.Sequential(
                    nn.Conv2d(before, channels, size, stride, size // 2, bias=False),
                    nn.InstanceNorm2d(channels, affine=True),
                    nn.ReLU(),
                )
            )
            before = channels
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(before * GRID * GRID, ELEMENTS, bias=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit codes (N, ELEMENTS), and the maps of the fifth convolution.

        Parameters
        ----------
        pictures : (N, 3, 96, 96) tensor
            0 to 1.
        """
        maps = inner = pictures - 0.5
        for index, block in enumerate(self.blocks):
            maps = block(maps)
            inner = maps if index == INNER else inner
        means = functional.avg_pool2d(maps, 2)
        return functional.normalize(self.head(means.flatten(1))), inner


def contrast(codes: Tensor, families: Tensor, temperature: float) -> Tensor:
    """Return how badly each code finds its partner among all others (InfoNCE).

    Parameters
    ----------
    codes : (2 N, D) tensor
        Unit codes: N references, then their N queries.
    families : (N,) tensor
        Pictures of one family are neither partners nor strangers.
    temperature : float
        Below 1; the smaller, the more the nearest strangers count.
    """
    count = len(families)
    similarity = codes @ codes.T / temperature
    both = families.repeat(2)
    partner = torch.arange(2 * count).roll(count)
    is_out = both[:, None] == both[None]
    is_out[torch.arange(2 * count), partner] = False
    return functional.cross_entropy(similarity.masked_fill(is_out, -1e4), partner)
