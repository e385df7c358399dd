"""Reads of elections for pages, one file for each part of their life."""
