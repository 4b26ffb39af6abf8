"""The artist's page of ``ocguard app``: protect, check, and look, in a browser on this computer."""
