"""What can be chosen at the windows, what to bring, and what a month came to."""
