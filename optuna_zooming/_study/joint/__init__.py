"""All parameters of a study together: what was tried, and the next combination."""
