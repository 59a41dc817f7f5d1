"""The bridge: from a thread that nobody could answer to a query at the service desk, and back."""
