"""Dialects: the languages of the targets (pure)."""
