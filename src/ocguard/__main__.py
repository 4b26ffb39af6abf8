"""Run ocguard as ``python -m ocguard``."""

from ocguard.cli import main

if __name__ == "__main__":
    main()
