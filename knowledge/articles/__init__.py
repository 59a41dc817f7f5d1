"""Articles: written from threads, checked by a second person, published, kept right by use."""
