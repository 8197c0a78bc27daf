"""What trials say that did not simply end with a value: failed, stopped, running or erratic."""
