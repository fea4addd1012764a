"""Chancery: the diplomatic record as an API."""
