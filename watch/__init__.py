"""Hune: the pipeline."""
