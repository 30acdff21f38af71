"""Who may open which page: every role, every route, every relation to a case."""
