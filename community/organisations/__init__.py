"""Organisations: whom members belong to, by their confirmed addresses or by a choice."""
