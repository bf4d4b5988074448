"""Publishing a template: the draft becomes a version that never changes."""

from django.db import transaction

from ai_bridge.intake import TemplateInvalid, check_template, template_hash
from tenants.staff.models import Staff
from tenants.workspace.models import Template, TemplateVersion


@transaction.atomic
def publish_template(template: Template, *, by: Staff | None = None) -> TemplateVersion:
    """Make the draft the version that new chats get; running chats keep theirs.

    Publishing an unchanged draft answers the version that stands. Raises TemplateInvalid with
    every problem of the draft.
    """
    draft = Template.objects.select_for_update().get(id=template.id)
    problems = check_template(draft.draft)
    if problems:
        raise TemplateInvalid(problems)
    newest = draft.versions.first()
    digest = template_hash(draft.draft)
    if newest and newest.hash == digest:
        version = newest
    else:
        number = newest.number + 1 if newest else 1
        version = draft.versions.create(
            number=number, document=draft.draft, hash=digest, published_by=by
        )
    draft.published = version
    draft.save(update_fields=["published", "updated_at"])
    return version
