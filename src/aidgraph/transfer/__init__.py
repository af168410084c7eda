"""Datasets on their way to other places."""
