"""Leaving, coming back, and being forgotten: whole communities in a file, and a person's own data."""
