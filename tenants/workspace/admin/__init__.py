"""Dashboard pages of a workspace: websites, keys, templates and their versions."""

from tenants.workspace.admin.api_keys import ApiKeyAdmin
from tenants.workspace.admin.model_connections import ModelConnectionAdmin
from tenants.workspace.admin.templates import TemplateAdmin
from tenants.workspace.admin.versions import TemplateVersionAdmin
from tenants.workspace.admin.websites import WebsiteAdmin

__all__ = [
    "ApiKeyAdmin",
    "ModelConnectionAdmin",
    "TemplateAdmin",
    "TemplateVersionAdmin",
    "WebsiteAdmin",
]
