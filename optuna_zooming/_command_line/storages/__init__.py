"""Storages of studies, opened to be read: no file, table, row or lock is made."""
