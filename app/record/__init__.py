"""The log: how records become published documents, and how changes of them are recorded."""
