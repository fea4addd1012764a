"""The Office of the Historian's `travels`, `visits` and `pocom` as neutral records.

From the files up: `originals` reads XML safely, `travels`, `visits` and `pocom` know the elements
of each repository, `countries`, `places`, `days` and `visitors` say what they stand for, `journeys`
and `duplicates` derive from them, the modules `…_records` make neutral records, and `reading` is
what the command calls. `remarks` reads what the texts say of meetings, and `meetings` makes records
of it, with `labels` and `people` for which party and which person is meant. Whatever looks wrong
is imported as stated and flagged; nothing is corrected.
"""
