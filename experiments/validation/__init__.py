"""Replicate natural experiments in the model, with the estimators of the papers, and hold them against bands."""
