"""Runs of many worlds: jobs, processes and clusters that do them, progress, and ensembles over common seeds."""
