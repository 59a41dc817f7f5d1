"""What looks as if it should not be read by others: found, shown to its author, masked. Pure, linear in the text."""
