"""The commands of `ticket-form`, a module a noun."""
