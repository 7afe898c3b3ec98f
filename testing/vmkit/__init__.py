"""The parts of testing/vm."""
