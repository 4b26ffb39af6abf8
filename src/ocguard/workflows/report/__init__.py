"""Make and verify what is handed to somebody else."""
