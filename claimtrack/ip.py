"""Which IP addresses belong to the public internet."""

import ipaddress

# Python's is_global lets these pass. Of IPv6 only global unicast is reached at all, which leaves out the
# IPv4-mapped, IPv4-compatible, NAT64, unique local, link-local, site-local and multicast ranges.
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
DENIED_IPV6 = (
    ipaddress.IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    ipaddress.IPv6Network("2001:db8::/32"),  # documentation
    ipaddress.IPv6Network("2002::/16"),  # 6to4: carries any IPv4 address
    ipaddress.IPv6Network("3fff::/20"),  # documentation
)
DENIED_IPV4 = (
    ipaddress.IPv4Network("168.63.129.16/32"),  # Azure's own services, as every machine there sees them
    ipaddress.IPv4Network("192.0.0.0/24"),  # protocol assignments
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays to 6to4
    ipaddress.IPv4Network("224.0.0.0/4"),  # multicast
)


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the public internet, and to nothing that only looks so."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not any(ip in network for network in DENIED_IPV4)
    return ip.is_global and ip in GLOBAL_UNICAST and not any(ip in network for network in DENIED_IPV6)
