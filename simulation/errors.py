"""The one error a user can cause."""


class InputError(ValueError):
    """Something a user gave is not usable; the message is one line that says what, where and what is allowed."""
