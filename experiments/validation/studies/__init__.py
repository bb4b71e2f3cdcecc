"""The natural experiments, one module each: worlds, panel, estimate, and paired where it is cheap."""
