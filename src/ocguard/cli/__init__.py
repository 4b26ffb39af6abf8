"""The command line: parse, call one workflow, print, exit code.

Nothing here imports numpy, OpenCV or Pillow before a command runs.
"""

import gc

__all__ = ["main"]


def main() -> None:
    """Run the program: ``ocguard`` with its arguments, exit code included."""
    # A start makes some 100,000 objects that stay, and looking through them for garbage again and
    # again is a tenth of it. Arrays, which fill the memory, are no matter of this collector.
    gc.set_threshold(200_000)
    from ocguard.cli.app import main as run

    try:
        run()
    finally:
        gc.freeze()  # Python would look through all of them twice more before it ends
