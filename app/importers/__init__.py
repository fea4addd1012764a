"""Bringing data sets in: neutral records, the readers that make them, the idempotent loader."""
