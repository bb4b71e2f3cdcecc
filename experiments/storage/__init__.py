"""What is kept: result folders and their tables, every column, where a result comes from, export and replay."""
