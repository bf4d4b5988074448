"""Lines that keep the talk going. They answer nothing, so they fill nothing."""

import pytest

from tests.extract.speaking import say

LINES = """
How long does it take?
Do you offer financing?
Is this free?
Who are you?
Are you a real person?
What happens with my data?
Can you explain that?
Could you explain what that means?
What do you mean by that?
Why do you ask?
Is that really necessary?
How do I know this is safe?
Where are you located?
Do you serve Boston?
Are you open on Saturday?
Can I call you tomorrow?
What's the price for 3 rooms?
How much is it?
lol
haha ok
that's funny
nice
cool
ok
okay great
wow
hmm let me think
one moment please
hold on a sec
wait
I'm back
sorry, got distracted
good morning
hey there
how's it going
thank you so much
you're very helpful
this is taking forever
I already told you that
you asked me that already
that's not what I said
I'm not sure what you mean
can we do this later?
is there a phone number I can call?
what is your email address?
do you need my phone number?
will someone come to my house?
how old is your company?
does it rain a lot there?
tell me a joke
what can you do?
ugh
???
...
:)
👍
I have a question
I have a few questions first
Just looking around
not right now
can you speak Spanish?
what's the weather like today?
how many people work there?
when will you call me?
which service is best?
is repair cheaper than a new roof?
do I need an inspection?
what's included in the inspection?
I love your website
are you serious
what time is it
"""


@pytest.mark.parametrize(
    "asking", [None, "name", "email", "visit", "address.city", "service", "rooms", "notes"]
)
def test_chat_and_questions_fill_nothing_whatever_was_asked(asking: str | None) -> None:
    filled = {text: say(text, asking) for text in LINES.strip().splitlines()}
    assert {text: values for text, values in filled.items() if values} == {}
