"""Signs for texts that Hypothesis makes up."""

from hypothesis import strategies as st

ANY_SIGN = st.characters(exclude_categories=["Cs"])
"""Whatever UTF-8 can write. A text has these by default as well, but Hypothesis then tries to
encode every code point there is, in a checkout that is new to it: that takes more than a second.
"""
