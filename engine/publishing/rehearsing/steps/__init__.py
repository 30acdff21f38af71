"""What the facts of the record mean as steps of a scenario, by subject."""
