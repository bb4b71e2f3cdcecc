"""In which part of the parameter space a condition holds: boxes by PRIM, tried on points kept out."""
