"""The isolation run's section of docs/reliability.md."""

from chatsaas.chaos.document import machine
from chatsaas.isolation.doors.caller import HANG_UP
from chatsaas.isolation.report import WEIGHTS, Report
from chatsaas.reliability import write_section

TITLE = "Isolation"


def write_isolation(report: Report) -> None:
    write_section(TITLE, section(report))


def section(report: Report) -> str:
    office = report.office
    doors = "\n".join(
        f"| {door} | {count:,} | {office.telling[door]:,} |"
        for door, count in sorted(office.requests.items())
    )
    faults = ", ".join(f"{count} x {what}" for what, count in sorted(report.faults.items()))
    struck = sum(count for what, count in report.faults.items() if what != HANG_UP)
    weights = ", ".join(f"{act} {weight:g}" for act, weight in WEIGHTS.items())
    return f"""Seed {report.seed}: eight tenants with the same ids and a word of their own in
{min(planted.words for planted in report.planted.values())} columns each, {office.total:,} requests
in {report.seconds:,.0f} s, {office.watch.searched / 1e6:,.0f} MB searched,
{sum(report.faults.values())} faults. {machine()}

| what may not be | count |
| --- | ---: |
| words of another tenant: answers, streams, webhooks, mails, Redis, logs, metrics, tables | \
{len(office.leaks)} |
| trespassers let in | {sum(office.trespasses.values())} |
| doors that never showed a tenant its own word | {len(report.silent)} |
| text columns without a word | {len(report.bare)} |

Faults, one every {report.seconds / max(1, struck):.0f} s: {faults or "none"}. Meanwhile
{office.cut_off:,} further requests ({office.cut_off / max(1, office.total):.1%}) were cut off or
refused; they do not count.

Requests a second, tenth by tenth: {report.told_rates}. What people begin, how often beside each
other: {weights}; a visit is some six requests, reading three, stumbling five, trespassing nine.

Memory at most, in MB: {_memory(report)}.

| door | requests | with the tenant's own word |
| --- | ---: | ---: |
{doors}"""


def _memory(report: Report) -> str:
    later = report.memory.second
    return ", ".join(
        f"{name} {most:.0f} in the first half and {later.get(name, 0):.0f} in the second"
        for name, most in sorted(report.memory.first.items())
    )
