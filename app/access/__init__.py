"""Who may do what: the form of keys, the pepper that hashes them, and how one is recognised."""
