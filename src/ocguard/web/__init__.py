"""What is reached over HTTP: the JSON API, and what every server of ours shares."""
