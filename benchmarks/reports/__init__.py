"""Rows -> summaries, a small file for each group -> pages and figures."""
