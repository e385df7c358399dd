"""Reads of matters for pages, each with a bounded number of statements."""
