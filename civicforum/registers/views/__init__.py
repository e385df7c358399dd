"""Pages of the registers: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.registers.views import deputies, opinions, owners, residence
from civicforum.registers.views.blueprint import bp

__all__ = ["bp", "deputies", "opinions", "owners", "residence"]
