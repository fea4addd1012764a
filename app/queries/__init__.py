"""Every read as a Select. One module a noun, and what they share in `base` and `resources`."""
