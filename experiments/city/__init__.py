"""The city of a pair of worlds: its districts month by month, a sample of its residents, and one resident's history."""
