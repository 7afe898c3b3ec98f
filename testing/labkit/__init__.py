"""The parts of testing/lab."""


class LabError(Exception):
    """Something the person at the terminal can understand and act on."""
