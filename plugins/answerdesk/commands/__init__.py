"""The commands of `answerdesk`, a module each."""
