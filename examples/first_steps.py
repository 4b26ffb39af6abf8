"""Protect the example characters, steal one of them, and let ocguard recognize the copy."""

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ART = Path(__file__).resolve().parent / "art"


def ocguard(folder: str, *arguments: str) -> int:
    print("\n$ ocguard", shlex.join(arguments), flush=True)
    environment = {**os.environ, "OCGUARD_HOME": f"{folder}/home"}
    command = [sys.executable, "-m", "ocguard", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


with tempfile.TemporaryDirectory() as folder:
    ocguard(folder, "protect", str(ART), "--out", "protected", "--creator", "Aki Example")
    with Image.open(Path(folder, "protected", "lantern_keeper.png")) as picture:
        width, height = picture.size
        part = picture.convert("RGB").crop((width // 9, height // 9, width, height * 5 // 6))
        part.resize((640, 692)).save(Path(folder, "stolen.jpg"), quality=60)
    print("\nSomebody posts a part of it: cropped, half the size, JPEG at quality 60.")
    sys.exit(0 if ocguard(folder, "check", "stolen.jpg") == 1 else "the copy was not recognized")
