"""What is done to a poll, one file for each part of its life."""
