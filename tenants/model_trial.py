"""Tries a tenant's model out, on the runner that visitors' turns run on."""

from django.conf import settings

from ai_bridge.client import HttpRunner
from ai_bridge.contract import ModelCheck
from ai_bridge.errors import RunnerError
from ai_bridge.outbound import OutboundPolicy
from tenants.sealing import SealBroken
from tenants.workspace.model_connection import ModelConnection


def models_policy() -> OutboundPolicy:
    """Which addresses a model may be at. The runner checks again, at the moment of the request."""
    return OutboundPolicy(settings.OUTBOUND_ALLOWED_HOSTS)


async def try_model(row: ModelConnection) -> ModelCheck:
    """Never raises: whatever is wrong is said in the answer, with its mend."""
    try:
        provider = row.provider()
    except SealBroken as broken:
        return ModelCheck(ok=False, code="key_unreadable", detail=str(broken), mend="")
    try:
        async with HttpRunner(settings.RUNNER_URL, settings.RUNNER_TOKEN) as runner:
            return await runner.check_model(provider)
    except RunnerError as error:
        return ModelCheck(
            ok=False,
            code=error.code,
            detail="The runner, which asks the model, cannot be reached.",
            mend="Have the operator run `manage.py doctor`.",
        )
