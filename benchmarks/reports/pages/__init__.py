"""Pages of results that one command writes, each from what it measured."""
