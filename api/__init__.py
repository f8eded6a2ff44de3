"""Hune: the service."""
