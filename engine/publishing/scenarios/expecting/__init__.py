"""What a scenario may expect of a case, one module a subject."""
