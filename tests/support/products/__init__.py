"""Products that run for real in a namespace and say what they make of an entry."""
