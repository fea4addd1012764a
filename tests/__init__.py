"""The suite: against real databases, with the real migrations, and no mocks of our own code."""

import gc

# A quarter of the time went into looking for garbage among a million objects that stay: modules,
# models, tests. They are set aside once all are there, and fewer looks are enough for the rest.
# It stands here because this module is the first to be imported.
gc.set_threshold(100_000, 50, 100)
