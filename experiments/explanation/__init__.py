"""What an effect is made of: mechanisms switched off in every combination, and their Shapley parts."""
