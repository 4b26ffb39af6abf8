"""Train the descriptor that ocguard ships.

    pip install -e '.[train]'
    export PYTHONPATH=tests/benchmarks
    python tests/training/repaints.py FOLDER          # half an hour: draws figures, repaints all
    python tests/training/train_descriptor.py FOLDER  # an hour on one core

Reads the art in ``OCGUARD_BENCH_ART``, of which only the half that ratios are fitted on is used:
the benchmarks report on the other. Writes checkpoints beside the pictures, and at the end
src/ocguard/fingerprint/descriptors/ocguard.onnx with its description. The model card is
docs/explanation/descriptor.md.

References
----------
A. van den Oord, Y. Li, O. Vinyals, Representation learning with contrastive predictive coding,
2018, arXiv:1807.03748 (the loss).
"""

from __future__ import annotations

import argparse
import hashlib
import re
import time
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from collection import STORED_PX, Collection, load_collection
from export import as_onnx
from harness import REPOSITORY, art_folder, pictures
from matching_art import cast, family_of
from network import Network, contrast

SEED: Final = 18
STEPS: Final = 2000
PAIRS: Final = 128
TEMPERATURE: Final = 0.06
RATE: Final = 2e-3
DECAY: Final = 0.02
CHECKPOINT_SECONDS: Final = 300


def art() -> tuple[dict[str, str], dict[str, NDArray[np.uint8]]]:
    """Return family and alpha of the works that may be trained on, by their names f000, f001..."""
    families, alphas = {}, {}
    for index, path in enumerate(cast(pictures(art_folder())).fitted):
        name = f"f{index:03d}"
        families[name] = family_of(path)
        with Image.open(path) as image:
            if "A" in image.getbands():
                alphas[name] = cv2.resize(
                    np.asarray(image.getchannel("A")), (STORED_PX, STORED_PX),
                    interpolation=cv2.INTER_AREA,
                )  # fmt: skip
    return families, alphas


def train(collection: Collection, steps: int, checkpoint: Path) -> Network:
    """Train from a fixed seed; a checkpoint is written every few minutes."""
    torch.manual_seed(SEED)
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.08)
    batches = collection.batches(PAIRS, np.random.default_rng(SEED))
    saved, losses = time.monotonic(), []
    for step in range(steps):
        batch = next(batches)
        both = torch.from_numpy(np.concatenate([batch.references, batch.queries]))
        with torch.autocast("cpu", torch.bfloat16):
            codes, _ = network(both)
        loss = contrast(codes.float(), torch.from_numpy(batch.families), TEMPERATURE)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rates.step()
        losses.append(loss.item())
        if step % 50 == 49:
            print(f"step {step + 1} of {steps}: loss {np.mean(losses[-50:]):.3f}", flush=True)
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            torch.save(network.state_dict(), checkpoint)
            saved = time.monotonic()
    torch.save(network.state_dict(), checkpoint)
    return network


def ship(model: bytes) -> None:
    """Put a network in the place of the one that ocguard ships, and its digest into the TOML."""
    folder = REPOSITORY / "src" / "ocguard" / "fingerprint" / "descriptors"
    (folder / "ocguard.onnx").write_bytes(model)
    description = folder / "ocguard.toml"
    digest = hashlib.sha256(model).hexdigest()
    text = re.sub(r'sha256 = ".*"', f'sha256 = "{digest}"', description.read_text(encoding="utf-8"))
    description.write_text(text, encoding="utf-8")


def main() -> None:
    """Train on a folder of repaints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what repaints.py wrote")
    parser.add_argument("--steps", type=int, default=STEPS)
    settings = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    collection = load_collection(settings.folder, *art())
    network = train(collection, settings.steps, settings.folder / "checkpoint.pt")
    ship(as_onnx(network.state_dict()))


if __name__ == "__main__":
    main()
