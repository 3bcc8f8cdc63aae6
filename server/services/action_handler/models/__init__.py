"""Nothing to add here for a new action: each name is imported from the module that declares it."""
