"""How a thread begins: templates of spaces, their fields, kinds of threads."""
