"""How many statements one message costs the database, counted by the database itself."""

from tests.gateway.house import House

# Socket in, reply out: what the gateway and the runner send together.
BUDGET = 14
AIM = 12


def test_a_turn_stays_within_its_budget_of_statements(house: House) -> None:
    with house.visitor().socket() as tab:
        tab.reply_to(tab.say("I need a repair"))
        with house.ground.database.counted() as statements:
            tab.reply_to(tab.say("my name is Ann Smith"))
    assert statements.count <= AIM <= BUDGET, str(statements)
    assert any("sessions_app_turn" in text for text in statements.calls), str(statements)
