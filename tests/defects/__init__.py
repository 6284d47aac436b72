"""Applications that came back, from the word of it until they are settled."""
