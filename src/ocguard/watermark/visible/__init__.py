"""The visible mark: a text or a logo in the corner, in a band, or tiled over the picture."""
