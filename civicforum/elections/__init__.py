"""Elections: from the first notice to the handover, by the law of the day the election began."""
