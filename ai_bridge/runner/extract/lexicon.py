"""Everyday words: which mean nothing by themselves, count the same thing, or give a direction."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from ai_bridge.runner.normalise.texts import WORD, lower, words_in


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION = _words(
    """
    a an the and or but if so as at by for from in into of on off onto out over to up with within
    without about after before around until till near towards toward than then i i'm i'd i'll
    i've im ive id me my mine myself you your you're you'd yours we we're we'd we'll our us they
    them their he him his she her it its it's this that these those there here is are was were be
    been being am do does did doing don't doesn't didn't have has had having haven't can can't
    could couldn't will won't would wouldn't shall should may might must not no nor yes yeah yep
    nope okay ok what when where which who whom whose why how all any some each every both either
    neither other another such same very too also just only even still again already now soon
    later yet maybe please thanks thank let let's gonna wanna gotta per via hi hello hey well oh
    hmm um uh sorry actually instead rather because since while though although however etc much
    many more most less least few lot lots bit one's that's there's what's where's who's how's
    isn't aren't wasn't weren't"""
)
COMMON = FUNCTION | _words(
    """
    want need like love prefer look looking find finding search searching book booking reserve
    reserving reservation get getting give giving go going come coming make making take taking
    see seeing know think tell show help try trying use using call check checking visit visiting
    stay staying travel traveling travelling leave leaving arrive arriving return returning fly
    flying flight flights trip ticket tickets hotel hotels room rooms place places restaurant
    restaurants bus buses train trains car cars cab taxi ride rides rental rent house apartment
    home property event events concert concerts game games movie movies film films song songs
    music album artist band weather doctor dentist therapist appointment appointments meeting
    table seat seats person people adult adults kid kids child children guest guests passenger
    passengers friend friends family wife husband partner colleague name names number numbers
    phone email address city cities town area location date dates day days night nights week
    weeks weekend month months year years time times hour hours minute minutes morning afternoon
    evening noon tonight today tomorrow yesterday monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november
    december first second third next last this coming early late good great nice fine perfect
    best better cheap cheaper cheapest expensive free new old big small large little long short
    high low right wrong correct sure interested interest available possible something anything
    nothing everything someone anyone everyone somewhere anywhere thing things way kind type sort
    option options information info detail details price cost pay money amount dollar dollars
    account accounts transfer send sending balance bank savings checking change changed set put
    add adding start starting begin end ending stop play playing listen listening watch watching
    hear eat eating food dinner lunch breakfast drink drinks served serve star stars rating rated
    bed beds bedroom bedrooms bath baths bathroom bag bags luggage one two three four five six
    seven eight nine ten eleven twelve half quarter am pm o'clock really quite pretty kinda
    sounds sound works work working okay alright cool awesome wonderful great excellent confirm
    book booked reserve reserved order ordering buy buying purchase purchasing schedule scheduled
    plan planning plans going suggest suggestions recommend recommendation attraction attractions
    museum museums park parks tourist tourists things reasonable located close nearby main fun
    local live living moving moved move meet meeting friends work person drop pick picking pickup
    dropping dropoff return round trip way direct directed starring acted acting actor actors
    director directors stars genre category class economy business said say says mean meant guess
    believe hope wish instead different others total exactly approximately roughly least most
    anymore else ahead along away back down forward inside outside together apart able ready done
    finish finished finally immediately currently previously bye goodbye day appreciate welcome
    helpful problem issue question answer idea chance world country state street road avenue lane
    part side center centre downtown airport station water air sun rain warm hot cold temperature
    forecast got gotten said told asked yours thankyou speak wait hold heard hear understand mistake
    like alarm alarms wake reminder"""
)
# Opening capitals and greetings that are no names, whatever their case.
NOT_NAMES = COMMON | _words("""
    mr mrs ms dr sir madam greetings cheers wow yup nah btw asap hiya hallo helo howdy moin yo sup
    servus ciao hola bonjour guten tag anybody somebody everybody nobody whoever plz pls u ur r lol
    omg ugh actualy actualley sory srry thx ty dunno idk yea ppl tmrw somthing sumthing anyways
    haha brb ah aha eh huh""")

_CONCEPT_WORDS: dict[str, str] = {
    "people": """people person persons guest guests adult adults kid kids child children friend
        friends others pax passenger passengers traveler travelers traveller travellers rider riders
        seat seats ticket tickets diner diners party attendees participants attendee of_us us ppl
        humans covers patrons members men women son sons daughter
        daughters boys girls baby babies guys ladies girlfriends boyfriends colleagues coworkers
        seniors seater heads""",
    "adult": "adult adults grownup grownups men women",
    "child": """kid kids child children baby babies toddler toddlers infant infants son sons
        daughter daughters boys girls teenager teenagers""",
    "day": "day days night nights nites",
    "week": "week weeks",
    "month": "month months",
    "year": "year years yr yrs aged age old",
    "hour": "hour hours hr hrs",
    "minute": "minute minutes min mins",
    "room": "room rooms suite suites",
    "storey": "storey storeys story stories floor floors",
    "bed": "bed beds bedroom bedrooms bdrm br",
    "bath": "bath baths bathroom bathrooms",
    "bag": "bag bags luggage suitcase suitcases baggage luggages",
    "star": "star stars rating rated",
    "pet": "pet pets dog dogs cat cats",
    "vehicle": "vehicle vehicles car cars",
    "money": "dollar dollars euro euros pound pounds bucks usd eur amount price cost budget fee",
    "percent": "percent %",
    "size": "sqft feet foot ft meters metres meter metre miles km kilometers",
    "weight": "kg kilos pounds lbs grams",
    "employee": "employee employees staff users user seats licences licenses",
}
# Where a field counts one of these, "two adults and a child" are not counted together.
PARTS_OF_GROUPS = frozenset({"adult", "child"})
CONCEPTS: dict[str, frozenset[str]] = {}
for _name, _listed in _CONCEPT_WORDS.items():
    for _word in _listed.split():
        CONCEPTS[_word] = CONCEPTS.get(_word, frozenset()) | {_name}

START_WORDS = _words(
    """
    from origin originate originates start starts starting begin begins beginning depart departs
    departing departure leave leaves leaving pickup pick check-in checkin arrival arriving source
    outbound move-in since first"""
)
END_WORDS = _words(
    """
    to until till through end ends ending return returns returning back dropoff drop destination
    checkout check-out final inbound toward towards move-out last going deliver heading headed
    recipient"""
)
PLACE_WORDS = _words(
    """
    city town location place area destination region suburb neighborhood neighbourhood district
    where village county country origin venue municipality postcode address state"""
)
# Words of titles and descriptions that tell no field from another.
GENERIC = FUNCTION | _words(
    """
    number name value field type date time day whether boolean flag indicating indicates true
    false has have user user's users customer visitor please enter your their wants want should
    which available allowed option options e g eg ie optional required main"""
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A rough root, so that `rooms`, `room` and `directed`, `director` meet."""
    root = word.lower().replace("’", "'").removesuffix("'s")
    if root in ("born", "dob"):
        return "birth"
    for ending in ("ations", "ation", "ings", "ing", "ers", "ors", "ees", "ies", "ed", "er", "or"):
        if root.endswith(ending) and len(root) - len(ending) >= 4:
            return root[: -len(ending)]
    return root[:-1] if root.endswith("s") and len(root) > 3 and not root.endswith("ss") else root


def words_of(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]


Roots = Mapping[str, Sequence[tuple[int, int]]]


# Of a message, and of the parts of a list.
@lru_cache(maxsize=32)
def roots_in(text: str) -> Roots:
    """The root of each word of a text, with the places of its words."""
    roots: dict[str, list[tuple[int, int]]] = {}
    for start, end, word in words_in(lower(text)):
        roots.setdefault(stem(word), []).append((start, end))
    return roots
