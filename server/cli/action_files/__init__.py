"""`coach new-action` and `coach remove-action`: the files of an action, in a checkout of the source."""
