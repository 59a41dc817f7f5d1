"""Lists of threads, and the same as feeds and sitemaps."""
