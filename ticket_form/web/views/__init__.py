"""The pages: each module is one room that visitors or agents enter."""
