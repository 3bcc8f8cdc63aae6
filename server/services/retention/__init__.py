"""How long is kept what the queue leaves behind, and the removing of what is older."""
