"""One file a noun: what is asked over HTTP, handed to the rooms below."""
