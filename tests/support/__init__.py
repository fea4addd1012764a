"""What tests stand on: servers and databases that are there for one run only."""
