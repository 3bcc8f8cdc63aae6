"""What the Makefile calls: generating files, and the checks that no ready-made tool makes."""
