"""Forms of the notice board."""

from civicforum.notices.forms.publishing import NoticeForm

__all__ = ["NoticeForm"]
