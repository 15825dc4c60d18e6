"""Ways to hand a ticket to a team: one module a channel; docs/channels.md says how to add one."""
