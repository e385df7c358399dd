"""Moderation: reports of texts, hiding with a reason, appeals, and words that hold a text back."""
