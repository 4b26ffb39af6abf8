"""From a suspect to a verdict: search, align, gather evidence, decide; see `identification`."""
