"""What is exported whole: over HTTP, where the server offers that."""

EXPORTS = ("/v1/meetings.ndjson",)
"""The first of these that is answered is the export that is measured."""
