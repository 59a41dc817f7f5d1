"""Asking experts of the provider: pools of people, questions to them, and answers that come back."""
