"""The public pages of the rules in force: what the rulebook holds, for everybody to read."""
