"""Which address serves which zones in a scenario, as its NS records and its name servers say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from launchready_tui.lab.scenario import NameServer, Scenario, Zone


def name_servers(scenario: Scenario) -> Mapping[str, NameServer]:
    """Every name server by its address, with the zones that it serves filled in."""
    served: dict[str, list[Zone]] = {}
    for zone in scenario.zones:
        for address in sorted(set(_addresses(scenario, zone))):
            served.setdefault(address, []).append(zone)
    found = {address: NameServer(address, tuple(zones)) for address, zones in served.items()}
    for own in scenario.name_servers:
        if own.zones is None:
            own = NameServer(own.address, tuple(served.get(own.address, ())), own.answers)
        found[own.address] = own
    return found


def abandoned(scenario: Scenario) -> frozenset[str]:
    """The zones whose every name server is lame or silent: no resolver gets an answer."""
    servers = name_servers(scenario)
    alive = {
        zone.name
        for server in servers.values()
        if server.answers
        for zone in server.zones or ()
        if zone.records
    }
    return frozenset(
        zone.name
        for zone in scenario.zones
        if zone.name not in alive and any(_addresses(scenario, zone))
    )


def _addresses(scenario: Scenario, zone: Zone) -> Iterator[str]:
    """The addresses of the servers that the zone itself, or the zone above it, names."""
    above = scenario.zone_above(zone.name)
    records = zone.records + (above.records if above else ())
    names = {r.text.rstrip(".") for r in records if (r.name, r.type) == (zone.name, "NS")}
    for each in scenario.zones:
        for one in each.records:
            if one.name in names and one.type in ("A", "AAAA"):
                yield one.text
