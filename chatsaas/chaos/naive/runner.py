"""The runner without compare-and-set: whoever commits last is right."""

from ai_bridge.runner import store
from ai_bridge.runner.app import app as app
from chatsaas.chaos.naive import require_scratch, without

require_scratch()
store._ADVANCE = without(
    store._ADVANCE,
    "AND head IS NOT DISTINCT FROM %(parent)s",
    "AND fence <= %(fence)s",
)
