"""Delivery channels, one module for each kind; docs/channels.md says how to add one."""
