"""Which factors move an outcome or an effect, and how much of what is seen is luck."""
