"""Where a work lies in a suspect: by keypoints, by the layout of edges, tile by tile, bent."""
