"""Where to look next: arms, their index, the choice of a point (pure: arrays in, a point out)."""
