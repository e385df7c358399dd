"""Writing communities, their parts and the people in them, one function per use case.

`actor` None is the operator at the command line, who holds the whole database anyway. What is entered about a
person is no business of the public register: those entries are not public and carry the roll number only.
"""

from civicforum.people.services.communities import (
    add_grid,
    add_group,
    add_household,
    create_community,
    make_community,
    make_household,
    name_grid_worker,
)
from civicforum.people.services.residents import (
    end_capacity,
    identity_key,
    make_person,
    record_capacity,
    record_kinship,
    register_person,
)
from civicforum.people.services.steps import get_own_person, lock_register

__all__ = [
    "add_grid",
    "add_group",
    "add_household",
    "create_community",
    "end_capacity",
    "get_own_person",
    "identity_key",
    "lock_register",
    "make_community",
    "make_household",
    "make_person",
    "name_grid_worker",
    "record_capacity",
    "record_kinship",
    "register_person",
]
