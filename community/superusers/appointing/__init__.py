"""Appointments for a term: proposed, offered, accepted, renewed and ended."""
