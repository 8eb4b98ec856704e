"""Evenly spread uniforms over a running number: far less sampling noise than independent draws.

An additive recurrence u = frac(shift + index * alpha) in 64-bit integers. The alphas are the powers of the inverse of
the generalised golden ratio g_d, the root of x**(d+1) = x + 1 (Roberts 2018, "The unreasonable effectiveness of
quasirandom sequences": R1, R2, R3), times 2**64 and rounded to the nearest odd integer, so that the period is 2**64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sfbench.draws.keys import key
from sfbench.draws.words import Index, Words, unsigned
from sfbench.errors import SfbenchError

ALPHAS: dict[int, tuple[int, ...]] = {
    1: (0x9E3779B97F4A7C15,),
    2: (0xC13FA9A902A6328F, 0x91E10DA5C79E7B1D),
    3: (0xD1B54A32D192ED03, 0xABC98388FB8FAC03, 0x8CB92BA72F3D8DD7),
}


def kronecker(seed: int, purpose: str, index: Index, dimension: int = 0, dimensions: int = 1) -> NDArray[np.float64]:
    """float64 in [0, 1) of the shape of `index`: coordinate `dimension` of a point set of 1, 2 or 3 `dimensions`.

    Every run of consecutive indices is spread evenly. The price: two purposes of one dimension are the same points,
    shifted, so purposes that meet on one entity must be coordinates of one set, or all but one of them plain draws.
    Of three dimensions only the cube is filled evenly, not each pair: 35 times coordinate 0 less coordinate 1 is within
    6e-6 a step of a whole number, so up to some 100,000 points that pair lies on lines, and at 40,000 its 20 x 20 cells
    are filled less evenly than by chance. Where two purposes are tabulated against each other, use 2 dimensions.
    Raises SfbenchError if there is no such coordinate.
    """
    if dimensions not in ALPHAS or not 0 <= dimension < dimensions:
        raise SfbenchError(f"no coordinate {dimension} of {dimensions} in an evenly spread set", fix="use 1, 2 or 3")
    shift = key("kronecker", seed, purpose, dimension)
    place: Words = unsigned(index).reshape(-1) * np.uint64(ALPHAS[dimensions][dimension])
    place += np.uint64(shift)
    place >>= np.uint64(11)
    return np.asarray(np.multiply(place.view(np.int64), 2.0**-53)).reshape(np.shape(index))
