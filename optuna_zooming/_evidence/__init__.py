"""What trials say that did not simply end with a value: failed, stopped or erratic (pure)."""
