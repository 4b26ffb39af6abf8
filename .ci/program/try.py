"""Try the program folder as somebody would who has no Python: `python3 try.py PROGRAM`.

The program protects and checks a folder in worker processes, decodes what needs a process of its
own, reads what OpenTimestamps writes, and opens the page and the API; its environment holds nothing
but a home folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><circle r="200"/></svg>'


def main() -> None:
    """Raise on the first step that goes wrong."""
    program = str(Path(sys.argv[1]).absolute())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _protect_and_check(program, home)
        _take_in_proof(program, home)
        _open_page(program, home)
    print("the program folder protects, checks, decodes, and opens the page")


def _environment(home: Path) -> dict[str, str]:
    """Return variables that lead to nothing that is installed."""
    return {"HOME": str(home), "USERPROFILE": str(home), "OCGUARD_HOME": str(home / "ocguard")}


def _run(program: str, home: Path, *arguments: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [program, *arguments, "--json"],
        env=_environment(home),
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _protect_and_check(program: str, home: Path) -> None:
    art = str(REPOSITORY / "examples" / "art")
    (home / "logo.svg").write_text(SVG, encoding="utf-8")
    made = _run(program, home, "protect", art, "--logo", "logo.svg", "--out", "protected",
                "--creator", "Aki", "--jobs", "2")  # fmt: skip
    bad = [record for record in made if record["status"] not in ("protected", "registered")]
    if bad or len(made) < 2:
        raise SystemExit(f"not protected: {bad or made}")
    found = _run(program, home, "check", "protected", "--jobs", "2")
    wrong = [record for record in found if record["verdict"] != "identical"]
    if wrong or len(found) != len(made):
        raise SystemExit(f"not recognized: {wrong or found}")


def _take_in_proof(program: str, home: Path) -> None:
    """Give a proof that is none: only a program with the library can tell."""
    proof = home / "statement.ots"
    proof.write_bytes(b"no proof")
    command = [program, "timestamp", "ots", str(proof)]
    done = subprocess.run(
        command, env=_environment(home), cwd=home, capture_output=True, timeout=60, check=False
    )
    if b"no whole proof" not in done.stderr:
        raise SystemExit(f"proofs are not read: {done.stderr.decode()}")


def _open_page(program: str, home: Path) -> None:
    with subprocess.Popen(
        [program, "app", "--no-browser"],
        env=_environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as page:
        try:
            address = page.stdout.readline().strip()  # type: ignore[union-attr]
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            text = opener.open(address, timeout=60).read().decode()
            if "ocguard" not in text:
                raise SystemExit(f"the page shows something else:\n{text}")
        finally:
            page.terminate()


if __name__ == "__main__":
    main()
