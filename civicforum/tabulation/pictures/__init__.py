"""Results as SVG markup: plain functions, every name in it escaped, no style or script inside.

Each picture is as wide as its place. Places across are shares of that width and letters keep their size, so
it is read on a telephone as on paper. Patterns and marks say what colours say; classes begin with `tally-`.
"""

from .bars import stage_picture
from .flow import flow_picture
from .pairs import pairs_picture

__all__ = ["flow_picture", "pairs_picture", "stage_picture"]
