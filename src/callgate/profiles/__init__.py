"""Vendor profiles: model, strict loader, schema and data (pure, text in)."""
