"""One module for each family of rules; `civicforum.counting.count` knows which rule is where."""
