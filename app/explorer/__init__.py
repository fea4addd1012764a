"""The documentation's pages: what a browser is shown, with nothing fetched from elsewhere."""

from app.explorer.pages import mount

__all__ = ["mount"]
