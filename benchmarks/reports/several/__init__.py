"""Several parameters: saved rows -> one compact record -> the page over all such problems."""
