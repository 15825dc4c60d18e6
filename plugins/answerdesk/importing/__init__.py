"""Take in a plain MkDocs site: its pages become articles that keep our contract, and what is lost is reported."""
