"""What samplers are asked to solve: recorded tables, known optima, landscapes."""
