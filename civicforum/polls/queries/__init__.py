"""Reads of polls for pages, one file for each part of their life."""
