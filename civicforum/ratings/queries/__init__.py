"""Reads of service ratings."""
