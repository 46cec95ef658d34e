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


# Who parks domains, and where. Ranges and name servers as listed in MISP/misp-warninglists
# (parking-domain, parking-domain-ns; CC0), kept to those that one parking service has to itself.
_PARKING_NETWORKS = tuple(
    (ip_network(text), who)
    for text, who in (
        ("34.98.99.30/32", "GoDaddy"),
        ("34.102.136.180/32", "GoDaddy"),
        ("52.128.23.153/32", "Uniregistry"),
        ("64.190.62.0/23", "Sedo"),
        ("91.195.240.0/23", "Sedo"),
        ("103.224.182.0/23", "Above.com"),
        ("103.224.212.0/23", "Above.com"),
        ("185.53.176.0/22", "ParkingCrew"),
        ("198.54.117.192/26", "Namecheap"),
        ("199.59.240.0/22", "Bodis"),
    )
)
_PARKING_NAMES = {
    "afternic.com": "Afternic",
    "bodis.com": "Bodis",
    "dan.com": "Dan.com",
    "parkingcrew.net": "ParkingCrew",
    "parkingpage.namecheap.com": "Namecheap",
    "parklogic.com": "ParkLogic",
    "sedoparking.com": "Sedo",
}


def parked_at(address: str) -> str | None:
    """The parking service that has this address; None when it is not known as one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    return next((who for network, who in _PARKING_NETWORKS if ip in network), None)


def parked_by(name: str) -> str | None:
    """The parking service that this name server or alias target belongs to; None for others."""
    plain = name.rstrip(".").lower()
    endings = (who for end, who in _PARKING_NAMES.items() if f".{plain}".endswith(f".{end}"))
    return next(endings, None)
