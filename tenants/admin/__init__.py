"""Dashboard pages of the control plane: tenants, and the people who sign in."""

from tenants.admin.people import OperatorAdmin, StaffAdmin
from tenants.admin.tenant import TenantAdmin

__all__ = ["OperatorAdmin", "StaffAdmin", "TenantAdmin"]
