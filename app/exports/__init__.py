"""Answers in other formats than JSON; what they hold is put together elsewhere."""
