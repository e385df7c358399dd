"""Small registers: owners' decisions, reports at the place of residence."""
