"""Engines, pragmas, sessions and raw readers: everything that differs between databases."""
