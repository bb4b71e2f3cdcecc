"""What a pair of worlds shows: each exhibit is a figure, its table and its words, in one of the languages."""
