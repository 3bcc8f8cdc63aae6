"""Recorded conversations, replayed."""
