"""Backups: one consistent copy of everything, its checks, and the way back."""
