"""The command line on real files and servers."""
