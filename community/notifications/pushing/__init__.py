"""News that come to a browser, where the installation has keys for it."""
