"""Protect pictures, make sure of the mark, only then upload them: python upload.py URL PICTURE...

Each goes to URL/NAME by PUT. A token, where one is needed, stands in the variable UPLOAD_TOKEN.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from urllib.request import Request, urlopen

import ocguard


def main(ready: str, url: str, *pictures: str) -> None:
    for result in ocguard.protect(list(pictures), out=ready):
        problem = result.error or result.passed_over
        if problem or ocguard.detect(result.output).verdict != "found":
            sys.exit(f"{result.input}: {problem or 'not my mark in it: nothing was uploaded'}")
    token = {"Authorization": f"Bearer {os.environ.get('UPLOAD_TOKEN', '')}"}
    for path in sorted(Path(ready).iterdir()):
        to = f"{url.rstrip('/')}/{quote(path.name)}"
        with urlopen(Request(to, path.read_bytes(), token, method="PUT"), timeout=60):
            print("uploaded", path.name)


if __name__ == "__main__":
    with TemporaryDirectory() as ready:  # what an earlier run left is not uploaded again
        main(ready, *sys.argv[1:]) if len(sys.argv) > 2 else sys.exit(__doc__)
