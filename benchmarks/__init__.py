"""Measurements beside those of rivals; ratios, because machines differ."""
