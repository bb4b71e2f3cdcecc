"""One crime in two worlds: what differed, and exactly why, with nothing assumed."""
