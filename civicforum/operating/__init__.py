"""Seeing it run: logs, metrics, readiness, the operator's page, and `civicforum doctor`."""
