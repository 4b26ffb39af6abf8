"""Suspect to candidates, verification and verdict; see `identify`."""
