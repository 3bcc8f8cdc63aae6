"""How fast the system is, beside bare Celery and beside the obvious way of building it."""
