"""The Office of the Historian's data: travels, visits, principal officers."""
