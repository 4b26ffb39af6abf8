"""The verdict: what the measures of compared works say, and why. Sees numbers only."""
