"""Compare a found picture with everything in the portfolio: python check_suspect.py SUSPECT."""

import sys

import ocguard


def main(suspect: str) -> None:
    found = ocguard.check(suspect)
    if found.error:
        sys.exit(found.error)
    print(f"{found.verdict}: {found.reason}")
    for candidate in found.candidates:
        print(f"  like {candidate.source}, log10 likelihood ratio {candidate.log10_lr:.1f}")
    for mark in found.marks:
        print(f"  carries mark {mark.mark_id} of work {mark.work_id}, given to {mark.recipient!r}")
    for field, value in found.declared.items():
        print(f"  says of itself: {field} = {value}")


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 2 else sys.exit(__doc__)
