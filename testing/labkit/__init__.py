"""The parts of testing/lab."""


class LabError(Exception):
    """Something the user at the terminal can understand and act on."""
