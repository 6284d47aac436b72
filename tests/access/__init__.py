"""Who may be in, from where, until when; what is recorded of it, and how long it is kept."""
