"""Whether intervals hold the truth, and whether the recommendation is the better choice."""
