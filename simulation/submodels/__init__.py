"""The rules of the model, one file for each section of MODEL.md 5: pure rules first, then the loop over a day."""
