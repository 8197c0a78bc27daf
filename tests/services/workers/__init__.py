"""What the processes do that work on a study side by side, and how they are started."""
