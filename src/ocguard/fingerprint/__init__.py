"""What a picture is recognized by: hashes, layout, keypoints; see `describe`."""
