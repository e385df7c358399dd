"""What can go wrong with a rulebook. Both are mistakes of whoever writes a profile or asks for a rule."""


class RuleNotFound(LookupError):
    """There is no such rule, or none of the kind asked for, in this rulebook."""


class ProfileInvalid(ValueError):
    """A profile does not exist, or says something that cannot be a rule."""
