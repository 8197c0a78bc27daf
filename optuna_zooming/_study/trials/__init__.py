"""What is read of a study's trials: each once, finished or running."""
