"""ocguard protects original characters before posting and checks suspects for near-copies."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
