"""What ``optuna-zooming`` does: read a study and never write to it, then print or draw."""
