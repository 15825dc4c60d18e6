"""Errors that stop a build."""


class ContentError(Exception):
    """The content cannot be built; the message names the file and the cure."""
