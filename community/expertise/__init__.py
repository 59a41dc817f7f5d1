"""What people say that they know, who agrees, and the directory that finds them by it."""
