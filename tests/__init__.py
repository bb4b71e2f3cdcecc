"""The tests: what a function does (unit), what always holds (property), how often (statistical), what moved
(regression).
"""
