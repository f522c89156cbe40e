"""The one exception that a person is meant to read."""


class DevError(Exception):
    """A failure told in one sentence with a way out; the command line prints it without a traceback."""
