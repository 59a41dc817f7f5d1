"""Asking a service outside whether something is spam, and telling it what people decided."""
