"""What an address says by itself: whether the public can reach it, and whether it parks."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Documentation ranges (RFC 5737, RFC 3849) count as ordinary: the lab lives in them.
NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # RFC 1122 3.2.1.3: this network
        "10.0.0.0/8",  # RFC 1918
        "100.64.0.0/10",  # RFC 6598: between a provider and its customers
        "127.0.0.0/8",  # RFC 1122: this machine
        "169.254.0.0/16",  # RFC 3927: link-local
        "172.16.0.0/12",  # RFC 1918
        "192.168.0.0/16",  # RFC 1918
        "::/128",  # RFC 4291: unspecified
        "::1/128",  # RFC 4291: this machine
        "fc00::/7",  # RFC 4193: unique local
        "fe80::/10",  # RFC 4291: link-local
    )
)


def is_public(address: str) -> bool:
    """Whether customers can reach this address. Text that is no IP address is not public."""
    try:
        ip: IPv4Address | IPv6Address | None = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return not any(ip in network for network in NOT_PUBLIC)
