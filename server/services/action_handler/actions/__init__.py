"""Nothing to add here for a new action: `load_handlers` imports every file of this directory."""
