"""Attacks on the pages: what somebody wrote must never become a page of its own."""
