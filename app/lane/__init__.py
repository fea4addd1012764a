"""The short lane: hot reads from the raw query to bytes, past the dependency solver."""
