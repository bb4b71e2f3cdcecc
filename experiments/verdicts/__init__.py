"""The claims of both sides over all that is not known: how probable, how large, and on what it hangs."""
