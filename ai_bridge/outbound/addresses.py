"""Which addresses belong to the public internet. What is not known to be public is not."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# `is_global` counts these as global: relays, protocol assignments.
NOT_PUBLIC_4 = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24")))
# All that is public in IPv6 lies in here, so NAT64, IPv4-mapped and -compatible, unique local, link
# and site local, multicast and segment routing are out without being named.
GLOBAL_UNICAST = IPv6Network("2000::/3")
# Teredo and other protocols, documentation, 6to4: each either carries an IPv4 address or leads
# nowhere.
NOT_PUBLIC_6 = tuple(
    map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"))
)
# Interface ids of ISATAP tunnels, which carry an IPv4 address behind a public prefix.
ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: str) -> bool:
    """Whether this IPv4 or IPv6 address may be contacted. What is no address is not public."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(parsed) if isinstance(parsed, IPv4Address) else _is_public_6(parsed)


def _is_public_4(address: IPv4Address) -> bool:
    if any(address in network for network in NOT_PUBLIC_4):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in GLOBAL_UNICAST:
        return False
    if any(address in network for network in NOT_PUBLIC_6):
        return False
    return address.is_global and (int(address) >> 32) & 0xFFFFFFFF not in ISATAP
