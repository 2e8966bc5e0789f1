"""Host names as clients send them, made comparable."""

from ipaddress import ip_network


def host_name(host: str) -> str | None:
    """Lower case without one trailing dot; None for what is no name in ASCII.

    Non-ASCII hosts travel as A-labels (RFC 5891 section 4.4), so none reaches a product.
    """
    name = host.removesuffix(".").lower()
    return name if name.isascii() and all(name.split(".")) else None


def is_network(text: str) -> bool:
    """Whether a text is an IP address, in brackets or not, or a network."""
    try:
        ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return False
    return True
