"""Use cases of appraisals: each is one function, one transaction, one journal entry."""
