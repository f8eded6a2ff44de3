"""Telling, once a day: what is due goes in, frozen issues and their deliveries come out."""
