"""What helps while writing: drafts, completion, quoting, files, lengths, the guard against secrets."""
