"""Platform profiles, which are data, and the simulation of an upload by them."""
