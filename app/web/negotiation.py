"""Which form of an answer a client would rather have (RFC 9110, 12.5.1)."""


def prefers_html(accept: str) -> bool:
    """Whether `Accept` asks for a page rather than for JSON. JSON wins a draw."""
    return weight(accept, "text", "html") > weight(accept, "application", "json")


def weight(accept: str, kind: str, form: str) -> float:
    """The weight of a media type, from the most exact range that covers it; 0 where none does."""
    exactness, best = 0, 0.0
    for entry in accept.lower().split(","):
        media, *options = (part.strip() for part in entry.split(";"))
        rank = {f"{kind}/{form}": 3, f"{kind}/*": 2, "*/*": 1}.get(media, 0)
        if rank > exactness:
            exactness, best = rank, quality(options)
    return best


def quality(options: list[str]) -> float:
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
