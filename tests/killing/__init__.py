"""The kill test: nodes under load that die at random, and a database that loses power."""
