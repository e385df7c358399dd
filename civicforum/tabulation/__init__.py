"""A file of ballots counted on any computer: `civicforum count`, its report and pictures."""
