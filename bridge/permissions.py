"""The rights that the bridge names."""

from community.core.policies import Role, declare

PROMOTE = declare("bridge.promote", Role.SUPER_USER, Role.AGENT, Role.MANAGER)
WORK_QUERIES = declare("bridge.work_queries", Role.AGENT, Role.MANAGER)
MANAGE_DESKS = declare("bridge.manage_desks")
MANAGE_TARGETS = declare("bridge.manage_targets", Role.MANAGER)
