"""Local features: spread, mirror, transparency."""

import cv2
import numpy as np

from ocguard.fingerprint.local import MAX_KEYPOINTS, local_features
from ocguard.fingerprint.normalize import normalize


def features(rgb, alpha=None):
    return local_features(normalize(rgb, alpha))


def test_keypoints_are_spread_over_the_picture(drawings):
    """A block of text gets no more keypoints than its share of the grid."""
    art = drawings.painterly(640, 640)
    art[560:] = 255
    for row in range(4):
        cv2.putText(art, "caption " * 5, (4, 580 + 18 * row), 3, 0.6, (0, 0, 0), 1)
    found = features(art)
    assert (found.points[:, 1] > 560).mean() < 0.3


def test_the_budget_is_kept(drawings):
    """However busy a picture is, it has at most the budgeted keypoints."""
    noise = np.random.default_rng(0).integers(0, 256, (500, 500, 3)).astype(np.uint8)
    assert len(features(noise)) == MAX_KEYPOINTS


def test_a_flat_picture_has_no_keypoints():
    """No structure, no keypoints, no error."""
    assert len(features(np.full((60, 60, 3), 99, np.uint8))) == 0


def test_mirrored_features_are_those_of_the_mirrored_picture(drawings):
    """Permuting the original's features predicts most of the mirrored picture's."""
    art = drawings.cel(400, 300, 5)
    predicted = features(art).mirrored(400)
    found = features(art[:, ::-1].copy())
    near = np.linalg.norm(predicted.points[:, None] - found.points[None], axis=2) < 2
    turned = (predicted.angles_deg[:, None] - found.angles_deg[None] + 180) % 360 - 180
    i, j = np.nonzero(near & (np.abs(turned) < 10))
    apart = np.linalg.norm(
        predicted.descriptors[i].astype(float) - found.descriptors[j].astype(float), axis=1
    )
    assert len(set(i)) > 0.6 * len(found)
    assert np.median(apart) < 5


def test_mirroring_twice_is_the_identity(drawings):
    """Positions, orientations and descriptors come back."""
    found = features(drawings.cel())
    again = found.mirrored(320).mirrored(320)
    assert np.allclose(again.points, found.points, atol=1e-3)
    assert np.array_equal(again.descriptors, found.descriptors)


def test_an_outline_is_described_on_black_as_well(drawings):
    """A figure posted on black shares outline keypoints with its transparent original."""
    rgba = drawings.cutout(400, 400, 2)
    rgb, alpha = np.ascontiguousarray(rgba[..., :3]), np.ascontiguousarray(rgba[..., 3])
    with_alpha = features(rgb, alpha)
    white = features(np.where(alpha[..., None] > 0, rgb, 255).astype(np.uint8))
    black = features(np.where(alpha[..., None] > 0, rgb, 0).astype(np.uint8))

    def shared(other):
        squared = (
            (with_alpha.descriptors[None].astype(int) - other.descriptors[:, None]) ** 2
        ).sum(2)
        return (squared.min(1) < 60).mean()

    assert shared(white) > 0.5
    assert shared(black) > 0.5
