"""Forms of elections, one module for each room."""
