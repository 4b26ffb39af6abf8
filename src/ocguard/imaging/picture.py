"""The picture in memory: upright pixels, and all that its file carried beside them."""
