"""Keeps the event streams and consumer groups that stages declare."""
