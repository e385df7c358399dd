"""Ballots in, result out. Counts are whole numbers, and the order of the ballots never matters.

    tally = count_motion({MotionChoice.FOR: 22, MotionChoice.AGAINST: 15, MotionChoice.ABSTAIN: 4})
    tally.in_favour, tally.cast, tally.taking_part

Whether a tally carries its motion is for the rulebook to judge.
"""

from .motion import ImpossibleCount, MotionChoice, MotionTally, count_motion

__all__ = ["ImpossibleCount", "MotionChoice", "MotionTally", "count_motion"]
