"""Measures how fast Isthmus is, beside two ceilings, against its goals."""
