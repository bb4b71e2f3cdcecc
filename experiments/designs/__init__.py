"""Designs of experiments: what a file may say, factors, sampled points and cost; and the designs that ship (*.toml)."""
