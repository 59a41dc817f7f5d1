"""Changes of other people's words, proposed and decided."""
