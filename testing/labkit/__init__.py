"""The parts of testing/lab."""


class LabError(Exception):
    """An error that the user at the terminal can understand and act on."""
