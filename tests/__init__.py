"""The suite: against real databases, with the real migrations, and no mocks of our own code."""
