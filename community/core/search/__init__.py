"""Search: one analyzer, two indexes behind one interface (Whoosh in a folder, PostgreSQL full text)."""
