"""Threads that belong to one organisation."""
