"""Texts that somebody began and has not published yet."""
