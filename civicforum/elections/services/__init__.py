"""What is done to an election, one file for each part of its life."""
