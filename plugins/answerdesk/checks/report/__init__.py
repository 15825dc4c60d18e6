"""Findings, and how they are compared and printed."""
