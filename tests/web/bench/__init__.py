"""The measuring of an office: nodes, clients, what is kept, what is written."""
