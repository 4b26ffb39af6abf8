"""Protect the example characters, steal one of them, and let ocguard recognize the copy."""

import os
import shlex
import sys
from pathlib import Path
from subprocess import call
from tempfile import TemporaryDirectory, mkdtemp

from PIL import Image, ImageOps

ART, OUT = Path(__file__).resolve().parent / "art", Path(mkdtemp(prefix="first-steps-"))


def ocguard(*arguments: str) -> int:
    print("\n$ ocguard", shlex.join(arguments), flush=True)
    return call([sys.executable, "-m", "ocguard", *arguments], cwd=OUT)


with TemporaryDirectory() as os.environ["OCGUARD_HOME"]:  # profile and key of this trial alone
    ocguard("-q", "profile", "set", "--creator", "Aki Example")
    ocguard("protect", str(ART), "--out", "protected")
    protected = Image.open(OUT / "protected" / "lantern_keeper.png").convert("RGB")
    stolen = protected.crop((130, 160, 1200, 1260)).resize((640, 658))
    stolen.save(OUT / "stolen.jpg", quality=60)
    both = ImageOps.expand(protected, (0, 0, 1200, 0), "white")
    both.paste(ImageOps.contain(stolen, (1160, 1500)), (1240, 0))
    both.save(OUT / "side_by_side.jpg", quality=90)
    print("\nSomebody posts a part, half the size, JPEG at quality 60:", OUT / "side_by_side.jpg")
    sys.exit(0 if ocguard("check", "stolen.jpg") == 1 else "the copy was not recognized")
