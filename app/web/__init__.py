"""The edge: what every request and answer has in common, and errors as problem details."""
