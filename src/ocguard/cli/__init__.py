"""The command line: parse, call one workflow, print, exit code.

Nothing here imports numpy, OpenCV or Pillow before a command runs.
"""

from ocguard.cli.app import main

__all__ = ["main"]
