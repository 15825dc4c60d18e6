"""The search gate: what people type must find the article that helps."""
