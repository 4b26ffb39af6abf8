"""Protect a folder of pictures before posting them: python protect_folder.py [FOLDER [OUT]]."""

import sys
from pathlib import Path

import ocguard

ART = Path(__file__).resolve().parent / "art"


def main(folder: str = str(ART), out: str = "protected") -> int:
    results = ocguard.protect([folder], out=out, creator="Aki Example", on_exists="skip")
    for result in results:
        print(f"{result.status:<10} {result.output}  mark {result.mark_id}, {result.psnr_db} dB")
        for warning in result.warnings:
            print(f"           {warning}")
        if result.error:
            print(f"           {result.error}")
    return any(result.status == "failed" for result in results)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
