"""What pulls say about every place of an axis: scale, noise, means, intervals (pure)."""
