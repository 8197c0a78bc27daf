"""Commands about many workers, and about what a sampler costs."""
