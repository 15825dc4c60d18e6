"""The checks of `answerdesk check`: pages read once, a module a rule, and the forms a report has."""
