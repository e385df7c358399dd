"""Forms of polls, one module for each room."""
