"""Check suspects: compare with works, read marks, ask a learned descriptor."""
