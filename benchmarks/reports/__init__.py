"""Rows -> statistics -> pages and figures."""
