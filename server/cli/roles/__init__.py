"""One module a role, so that a process imports only what it runs."""
