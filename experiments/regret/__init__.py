"""How far each scenario is from the best one, over all points of a design."""
