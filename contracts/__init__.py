"""Contract profiles: what each city agreed, as data, and the way from file to value."""
