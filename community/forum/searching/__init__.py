"""The search page: form, results, saved searches, and what was looked for."""
