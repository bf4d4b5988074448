"""The sections of the evaluation's document: which file, what is measured, whose data it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ai_bridge.evaluation.contacts import Agreement, email_agreements, phone_agreements
from ai_bridge.evaluation.dialogues import read_dialogues
from ai_bridge.evaluation.gold import Dialogue
from ai_bridge.evaluation.report import Report, evaluate_file
from ai_bridge.evaluation.run import evaluate_dialogue
from ai_bridge.evaluation.scores import Score, Tally
from ai_bridge.evaluation.speed import Speed, measure_speed
from ai_bridge.runner.extract.rules import RuleExtractor

INTRODUCTION = """\
# How well visitors are understood

`make evaluate` writes this document: every figure comes from one run on public data, none is
copied by hand. What is measured is the default extractor: rules, without a network, a model or
weights. The data is for development, so the rules have been improved with a view to it. On other
conversations expect less.

*As written* is the text of the data; *lower-cased* is the same text without capitals, as many
people type. **Precision** is the share of the filled fields that are right, **recall** the share of
the stated values that were filled with the right one, **F1** their harmonic mean; *when asked*
counts the values that answer the question for their own field. Dates count as ISO dates, times as
HH:MM, and text as right when it is nearly the same (token sort ratio of 85 or more). Visitors are
taken to be in the United States, as most of the recorded ones are. p50 and p95 are milliseconds of
processor time a message, on the machine that wrote this document. The data is not part of this
repository; each section names its source and licence."""

NAMES = {"bool": "yes or no", "decimal": "number", "enum": "one of several", "url": "web address"}
FIGURES = (
    ("precision", "precision"),
    ("recall", "recall"),
    ("F1", "f1"),
    ("p50 ms", "p50_ms"),
    ("p95 ms", "p95_ms"),
)
STATES = (("joint goal accuracy", "jga"), ("final state exact", "final_exact"))
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`measure` takes the folder of the data and yields tables."""

    title: str
    about: str
    measure: Callable[[Path], Iterator[str]]


def title_of(section: Section) -> str:
    return f"## {section.title}"


def _conversations(name: str, data: Path) -> Iterator[str]:
    report = evaluate_file(data / "dialogues" / name)
    yield _figures(report, (*FIGURES[:3], *STATES, *FIGURES[3:]))
    yield _kinds(report)


def _utterances(name: str, data: Path) -> Iterator[str]:
    report = evaluate_file(data / "dialogues" / name)
    yield _figures(report, FIGURES)
    yield _kinds(report)


def _cases(name: str, data: Path) -> Iterator[str]:
    """Inputs that state a value, apart from those that state none."""
    dialogues = read_dialogues(data / "dialogues" / name)
    stating = [dialogue for dialogue in dialogues if dialogue.turns[0].gold]
    others = [dialogue for dialogue in dialogues if not dialogue.turns[0].gold]
    written, lowered = _score(stating), _score(stating, lower_case=True)
    false, false_lowered = _score(others), _score(others, lower_case=True)
    heads = ("kind", "inputs", "right", "right, lower-cased", "without one", "filled all the same")
    yield _table(
        (*heads, "filled, lower-cased"),
        (
            (
                NAMES.get(kind, kind),
                str(tally.wanted),
                _share(tally.recall),
                _share(lowered.kinds[kind].recall),
                str(sum(kind in dialogue.types.values() for dialogue in others)),
                str(false.kinds.get(kind, Tally()).given),
                str(false_lowered.kinds.get(kind, Tally()).given),
            )
            for kind, tally in sorted(written.kinds.items())
        ),
    )
    yield (
        f"{written.percentile(0.5):.2f} ms p50 and {written.percentile(0.95):.2f} ms p95 "
        "for an input that states a value."
    )


def _contacts(data: Path) -> Iterator[str]:
    found = (
        *email_agreements(data / "corpora" / "emails.json"),
        *phone_agreements(data / "corpora" / "phones.json"),
    )
    yield _table(("what", "judged the same", "of"), map(_agreement, found))
    differing = [item for agreement in found for item in agreement.differing]
    if not differing:
        return
    yield "Judged otherwise, each time with the reason told to the visitor, who is asked again:"
    yield _table(
        ("what", "here", "because"),
        ((f"`{item.given}`", item.here, item.reason) for item in differing),
    )


def _speed(data: Path) -> Iterator[str]:
    yield from speed_tables(measure_speed(data))


def speed_tables(speed: Speed) -> Iterator[str]:
    yield _table(
        ("what", "ms", "at most", "beside the baseline"),
        (
            (
                bar.what,
                f"{1000 * bar.seconds:.1f}",
                f"{1000 * bar.most:.0f}",
                f"{bar.seconds / bar.baseline:.2f}",
            )
            for bar in speed.bars
        ),
    )
    yield _table(
        ("the dearest turns", "template", "asked for", "ms"),
        (
            (one.text, one.trade, one.asked or "nothing", f"{1000 * one.seconds:.1f}")
            for one in speed.worst
        ),
    )


def _agreement(found: Agreement) -> Row:
    return found.what, str(found.agreed), str(found.total)


def _score(dialogues: Iterable[Dialogue], *, lower_case: bool = False) -> Score:
    score, read = Score(), RuleExtractor().read
    for dialogue in dialogues:
        evaluate_dialogue(dialogue, read, score, lower_case)
    return score


def _figures(report: Report, figures: tuple[tuple[str, str], ...]) -> str:
    written, lowered = report.as_written.as_json(), report.lower_cased.as_json()
    rows = [(head, _figure(written[name]), _figure(lowered[name])) for head, name in figures]
    messages = ("messages", str(written["turns"]), str(lowered["turns"]))
    return _table(("", "as written", "lower-cased"), (*rows, messages))


def _kinds(report: Report) -> str:
    lowered = report.lower_cased.kinds
    asked = report.as_written.asked
    rows = (
        (
            NAMES.get(kind, kind),
            str(tally.wanted),
            _share(tally.precision),
            _share(tally.recall),
            _share(tally.f1),
            _share(lowered[kind].f1),
            str(asked.get(kind, Tally()).wanted),
            _share(asked[kind].recall) if kind in asked else "-",
        )
        for kind, tally in sorted(report.as_written.kinds.items())
    )
    heads = ("kind", "stated", "precision", "recall", "F1", "F1, lower-cased")
    return _table((*heads, "stated when asked", "recall when asked"), rows)


def _figure(value: float) -> str:
    return f"{value:.3f}"


def _share(value: float) -> str:
    return f"{value:.3f}"


def _table(heads: Row, rows: Iterable[Row]) -> str:
    lines = (heads, tuple("---" for _ in heads), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


SECTIONS = (
    Section(
        "Whole conversations",
        """\
`sgd_dev_single.jsonl`: 306 conversations about 17 services, each with its own template. After every
message the fields are filled in as the product would, the earlier values standing. *Joint goal
accuracy* is the share of messages after which the whole state is right, *final state exact* the
share of conversations that end in exactly the right state. Source: Schema-Guided Dialogue dataset
(google-research-datasets/dstc8-schema-guided-dialogue), CC BY-SA 4.0.""",
        partial(_conversations, "sgd_dev_single.jsonl"),
    ),
    Section(
        "Bookings of a table",
        """\
`restaurants8k_train_2000.jsonl`: 2,000 real messages to restaurants, read into one form of people,
date, time, first and last name. The data marks words and gives no values: a value counts as right
when it was read from the marked words. Source: RESTAURANTS-8K
(PolyAI-LDN/task-specific-datasets), CC BY 4.0.""",
        partial(_utterances, "restaurants8k_train_2000.jsonl"),
    ),
    Section(
        "Enquiries to banks and hotels",
        """\
`nlupp_folds0-9.jsonl`: 623 real messages, lower-case in the main. Each is taken as the answer to a
question for a date, a time, a name and an amount of money in turn, whether it states one or not;
messages to hotels also fill a form of rooms, people, adults and children without being asked. Of
two dates in one message either is right, as is either half of the day for an hour that is said
without; one that is asked back counts as missed. Periods and kinds of shop are left out. Source:
NLU++ (PolyAI-LDN/task-specific-datasets), CC BY 4.0.""",
        partial(_utterances, "nlupp_folds0-9.jsonl"),
    ),
    Section(
        "Awkward dates, numbers and contacts",
        """\
`recognizers_specs_en_half.jsonl`: the cases of a parser, most of them harder than what visitors
write (fractions in words, trillions, holidays). Each input is taken as the answer to a
question for the kind that it states; inputs that state nothing are asked for the kinds their parser
looks for, and whatever is filled then is false. Numbers are whole
ones, decimals and fractions; ordinals, percentages and ranges are other types of that parser and
not counted. Several values in one input: any of them is right. An hour that is asked back, because
it may be in either half of the day, counts as not right.
Phone numbers and web addresses count as right when they were read from the marked words. Phone
numbers without a country are read as American ones, which most of them are not; foreign ones are
then refused. Source: microsoft/Recognizers-Text, MIT.""",
        partial(_cases, "recognizers_specs_en_half.jsonl"),
    ),
    Section(
        "E-mail addresses and phone numbers",
        """\
`emails.json` holds addresses that validators' own tests call good or bad; those that they only warn
of (with comments, with an IP address) are left out. A bad one counts as judged the same unless it
is taken whole: from `Ann <ann@example.com>` the address alone may be read, and blanks may go.
A number of five or six digits is taken where all numbers are that short and this one exists.
`phones.json` holds an example of each kind of number in each region. Sources:
JoshData/python-email-validator, Unlicense; google/libphonenumber, Apache-2.0.""",
        _contacts,
    ),
    Section(
        "Speed",
        """\
Processor time, so that other work on the machine counts little; on a machine that is busy with more
than it has cores for, the same work takes up to twice of it, which the ratios even out. Messages of
8 KiB (units such as `at 7` repeated, and the naughty strings, markup, attacks and sentences of five
corpora joined) go through a whole turn but for its two statements, in each template of the gallery,
asked for a field of each kind and for none: all of them at 2 KiB, then the eighty dearest at 8 KiB,
each the least of nine texts that differ by a character, so that nothing is remembered. Of more
than 2,000 words, which are a third more than 8 KiB of prose has, the middle is not read; of more
than 400 numerals, 40 findings of one kind or 2,000 characters of a list the middle or the rest is
not looked at as such. The baseline is LangGraph's own turn that only says the
message back, in memory; for the first message of a process, with all that it imports, it is the
import of LangGraph. Sources: minimaxir/big-list-of-naughty-strings, MIT;
payloadbox/xss-payload-list, MIT; cure53/DOMPurify, Apache-2.0 or MPL-2.0;
commonmark/commonmark-spec, CC BY-SA 4.0; microsoft/presidio-research, MIT.""",
        _speed,
    ),
)
