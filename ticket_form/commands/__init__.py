"""The commands of `ticket-form`, one module for each."""
