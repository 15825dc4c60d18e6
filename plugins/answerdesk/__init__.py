"""Answerdesk: a self-service help desk portal built with MkDocs."""
