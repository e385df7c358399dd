"""Use cases of the registers: each is one function, one transaction, one journal entry."""
