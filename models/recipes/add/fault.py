"""What is wrong with a model or its inputs, told in one line."""


class Fault(Exception):
    pass
