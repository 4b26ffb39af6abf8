"""What is reached over HTTP: the artist's page, the JSON API, and what their servers share."""
