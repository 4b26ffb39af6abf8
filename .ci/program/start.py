"""Start ocguard from the program folder, where no Python is installed beside it."""

import multiprocessing
import os
import runpy
import sys

LIBRARIES = "LD_LIBRARY_PATH"


def main() -> None:
    """Be the program, one of its worker processes, or one of its decoders."""
    multiprocessing.freeze_support()  # worker processes start the program again
    # The browser and other programs of the system must find their own libraries, not ours.
    own = os.environ.pop(f"{LIBRARIES}_ORIG", None)
    os.environ.pop(LIBRARIES, None)
    if own is not None:
        os.environ[LIBRARIES] = own
    if sys.argv[1:3] == ["-P", "-m"]:  # a decoder: ocguard calls the program as it calls Python
        del sys.argv[:3]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        from ocguard.cli import main as command_line

        command_line()


if __name__ == "__main__":
    main()
