"""Tables of the supervision committee's desk."""

from civicforum.supervision.models.archive import ArchiveCopy
from civicforum.supervision.models.findings import FindingPhoto, Sitting, SittingRemark, SupervisionFinding
from civicforum.supervision.models.questions import BodyQuestion, QuestionEntry
from civicforum.supervision.models.referrals import Referral, ReferralBasis
from civicforum.supervision.models.reports import ReportSignature, SupervisionReport

__all__ = [
    "ArchiveCopy",
    "BodyQuestion",
    "FindingPhoto",
    "QuestionEntry",
    "Referral",
    "ReferralBasis",
    "ReportSignature",
    "Sitting",
    "SittingRemark",
    "SupervisionFinding",
    "SupervisionReport",
]
