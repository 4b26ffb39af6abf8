"""A portfolio in a PostgreSQL database that several people and machines share."""
