"""The inner space: where super users and the provider meet, and what they do there."""
