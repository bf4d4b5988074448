"""The demo's two customers: who they are, and what their visitors said."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """One tenant of the demo. `page` is its website's path on the customers' host."""

    slug: str
    name: str
    website: str
    page: str
    template: str
    colour: str
    region: str
    timezone: str
    title: str


@dataclass(frozen=True)
class Conversation:
    """What one visitor typed, line by line. An abandoned one simply stops."""

    slug: str
    lines: tuple[str, ...]


CUSTOMERS = (
    Customer(
        slug="acme",
        name="Acme Roofing",
        website="acme-roofing.example",
        page="/",
        template="roof-quote.json",
        colour="#b45309",
        region="US",
        timezone="America/New_York",
        title="Acme Roofing",
    ),
    Customer(
        slug="harbor",
        name="Harbor Dental",
        website="harbor-dental.example",
        page="/harbor",
        template="new-patient.json",
        colour="#0f766e",
        region="GB",
        timezone="Europe/London",
        title="Harbor Dental",
    ),
)

CONVERSATIONS = (
    Conversation(
        "acme",
        (
            "Hi, my name is Dana Whitfield and I need a new roof",
            "dana.whitfield@example.com",
            "555 0142, area code 212, so (212) 555-0142",
            "14 Alder Street",
            "Springfield",
            "two storeys",
            "next Tuesday",
            "around $18,000",
            "Actually, make that 3 storeys",
            "yes, that's all correct",
        ),
    ),
    Conversation(
        "acme",
        (
            "There's a leak in my roof. I'm Marcus Bell, marcus.bell@example.org",
            "Why do you need my phone number?",
            "I'd rather not give it",
            "8 Quarry Lane",
            "Dayton",
            "1",
            "tomorrow",
            "yes, it's an insurance claim",
            "Northfield Mutual",
            "yes",
        ),
    ),
    Conversation("acme", ("hello", "I'm Priya and I'd like an inspection", "priya@example.net")),
    Conversation(
        "harbor",
        (
            "I have a terrible toothache",
            "8",
            "Oliver Grant",
            "12 March 1984",
            "oliver.grant@example.co.uk",
            "020 7946 0958",
            "yes",
            "Bluewater Health",
            "BW-448210",
            "tomorrow please",
            "yes",
        ),
    ),
)
